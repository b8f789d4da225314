from odoo import models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "customer.value.source"]

    # What a payment without a journal entry says about its invoices: see engine.fact.payments.
    _value_reads = frozenset(("state", "date", "amount", "currency_id", "payment_type", "move_id", "invoice_ids"))
    _value_silent = {"amount_company_currency_signed": "follows from the amount"}

    def _value_customers(self):
        """Money was registered for invoices; payments with a journal entry report through their reconciliations."""
        # sudo: whoever registers a payment marks the customers behind it, whatever they may read.
        return self.sudo().invoice_ids._value_customers()
