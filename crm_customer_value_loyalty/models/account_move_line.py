from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _value_silent = {"balance": "lines of a posted document change by a write on the document, or by drafting it"}
