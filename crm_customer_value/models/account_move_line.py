from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Mark the customer when the day changes by which a posted invoice has to be paid."""
        if "date_maturity" in vals:
            self.move_id._mark_customers()
        return super().write(vals)
