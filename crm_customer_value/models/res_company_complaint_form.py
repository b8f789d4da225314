from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_public_form = fields.Boolean(
        "Public Complaint Form", help="Lets people without an account send complaints from a web page."
    )
