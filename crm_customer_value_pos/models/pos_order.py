from odoo import models


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "customer.value.source"]

    _value_reads = frozenset(
        ("state", "partner_id", "date_order", "company_id", "config_id", "currency_rate", "account_move")
    )
    _value_silent = {"name": "no value depends on it"}

    def _value_customers(self):
        """Orders count once they are paid."""
        paid = self.filtered(lambda order: order.state in ("paid", "done"))
        for company, orders in paid.grouped("company_id").items():
            yield orders.partner_id, company
