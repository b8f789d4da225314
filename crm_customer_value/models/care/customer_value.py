from odoo import fields, models


class CustomerValue(models.Model):
    """By which level the customer is served. Written by recomputes, and by hand with a reason."""

    _inherit = "customer.value"

    care_level_id = fields.Many2one(
        "customer.care.level", "Care Level", readonly=True, index="btree_not_null", ondelete="restrict"
    )
