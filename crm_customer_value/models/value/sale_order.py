from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "customer.value.mixin", "customer.value.source"]

    # Lines report through sale.order.line.
    _value_reads = frozenset(
        ("state", "partner_id", "date_order", "currency_id", "currency_rate", "company_id", "user_id")
    )
    _value_silent = {
        "amount_untaxed": "follows from the lines, which mark",
        "margin": "follows from the lines, which mark",
        "name": "no value depends on it",
    }

    def _value_customers(self):
        """A confirmed order is a purchase; a quotation may make its customer a prospect."""
        counting = self.filtered(lambda order: order.state != "cancel")
        for company, orders in counting.grouped("company_id").items():
            yield orders.partner_id, company
