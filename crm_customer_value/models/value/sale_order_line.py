from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # What amount and margin are made of.
    _customer_value_fields = frozenset(
        (
            "price_unit", "product_uom_qty", "product_uom_id", "discount", "tax_ids", "purchase_price",
            "product_id", "qty_delivered", "order_id", "display_type", "price_subtotal", "margin",
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._mark_customers()
        return lines

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        # Before and after: a line may move to another order.
        self.order_id._mark_customers()
        result = super().write(vals)
        self.order_id._mark_customers()
        return result

    def unlink(self):
        self.order_id._mark_customers()
        return super().unlink()
