from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    benefit_portal = fields.Boolean(
        "Customers See What They Gained",
        default=True,
        help="Customers read on the portal what they gained with us, say whether the figures are right, state needs "
        "and propose goals. Single customers may have another choice.",
    )
