from odoo import models


class RatingRating(models.Model):
    """The last answer of each contact counts, so it is read who answered."""

    _inherit = "rating.rating"

    _value_reads = frozenset(("partner_id",))
