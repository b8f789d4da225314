from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # The rest of a line changes while its document is a draft, and does not count before it is posted.
    _customer_value_fields = frozenset(("date_maturity",))

    def write(self, vals):
        """Mark the customer when the day changes by which a posted invoice has to be paid."""
        if self._customer_value_fields & vals.keys():
            self.move_id._mark_customers()
        return super().write(vals)
