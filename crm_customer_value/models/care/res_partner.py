from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_relationship_broken = fields.Boolean(
        "Relationship Broken", groups="base.group_user", readonly=True,
        help="Something went wrong between us. Promotion stops, and the owner sees the customer first.",
    )
