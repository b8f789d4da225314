from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "customer.value.source"]

    _value_reads = frozenset(("purchase_price", "product_uom_id", "order_id"))
    # What the amount and the margin of the order are made of.
    _value_marks = frozenset(
        (
            "price_unit", "product_uom_qty", "discount", "tax_ids", "product_id", "qty_delivered", "display_type",
            "price_subtotal", "margin",
        )
    )

    def _value_customers(self):
        return self.order_id._value_customers()
