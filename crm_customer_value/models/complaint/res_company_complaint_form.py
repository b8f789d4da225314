from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_public_form = fields.Boolean(
        "Public Complaint Form", help="People without an account can send complaints from a web page."
    )
