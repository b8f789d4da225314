from odoo import api, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # What a payment without a journal entry says about its invoices: see engine.facts.
    _customer_value_fields = frozenset(
        ("state", "date", "amount", "currency_id", "payment_type", "move_id", "invoice_ids")
    )

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._mark_customers()
        return payments

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        # Before and after: a payment may turn out to be for another invoice.
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that money was registered for invoices, or is registered no longer.

        Payments with a journal entry report through their reconciliations.
        """
        # sudo: whoever registers a payment marks the customers behind it, whatever they may read.
        self.sudo().invoice_ids._mark_customers()
