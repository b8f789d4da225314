from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    referral_asked = fields.Boolean(
        "Ask for Recommendations", groups="base.group_user",
        help="Whoever answers 9 or 10 to the question whether they would recommend us is called and asked to whom: at "
        "most once a year.",
    )
