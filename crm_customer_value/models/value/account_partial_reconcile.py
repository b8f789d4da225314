from odoo import models


class AccountPartialReconcile(models.Model):
    """What was paid, or is paid no longer, changes the payment score of the customers."""

    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "customer.value.source"]

    _value_silent = dict.fromkeys(
        ("debit_move_id", "credit_move_id", "debit_amount_currency", "exchange_move_id", "max_date"),
        "partials are made and deleted, and mark then",
    )

    def _value_customers(self):
        return (self.debit_move_id | self.credit_move_id).move_id._value_customers()
