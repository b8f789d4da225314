from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "customer.value.mixin"]

    # What a fact is made of; lines report through sale.order.line.
    _customer_value_fields = frozenset(
        ("state", "partner_id", "date_order", "currency_id", "currency_rate", "company_id")
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._mark_customers()
        return orders

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        # Before and after: a cancelled order leaves its customer, a moved one has two.
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that the values of the customers of these orders have to be recomputed.

        A confirmed order is a purchase; a quotation may make its customer a prospect.
        """
        counting = self.filtered(lambda order: order.state != "cancel")
        for company, orders in counting.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(orders.partner_id, company)
