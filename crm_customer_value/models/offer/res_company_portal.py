from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    offer_portal = fields.Boolean(
        "Offers in the Portal",
        help="Customers read on the portal which products they may also need, say what does not interest them, and "
        "ask for an offer.",
    )
