from odoo import models


class PosOrderLine(models.Model):
    _name = "pos.order.line"
    _inherit = ["pos.order.line", "customer.value.source"]

    _value_reads = frozenset(
        (
            "order_id", "qty", "price_unit", "price_subtotal", "total_cost", "is_total_cost_computed",
            "refunded_orderline_id", "sale_order_origin_id", "sale_order_line_id",
        )
    )

    def _value_customers(self):
        return self.order_id._value_customers()
