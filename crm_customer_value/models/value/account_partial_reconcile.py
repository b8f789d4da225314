from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._mark_customers()
        return partials

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that what was paid, or is paid no longer, changes the customers' payment score."""
        (self.debit_move_id | self.credit_move_id).move_id._mark_customers()
