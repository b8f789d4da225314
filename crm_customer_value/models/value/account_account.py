from odoo import models


class AccountAccount(models.Model):
    _inherit = "account.account"

    def write(self, vals):
        """Compute everybody anew where an account becomes one that customers owe on, or ceases to be."""
        kinds = {account: account.account_type for account in self} if "account_type" in vals else {}
        result = super().write(vals)
        changed = [account for account, kind in kinds.items() if account.account_type != kind]
        if changed:
            self.env["customer.value.run"]._enqueue(self.browse().union(*changed).company_ids)
        return result
