from odoo import api, models


class SaleOrder(models.Model):
    """What is offered says what a lead would buy first."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._customer_estimate_leads()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if {"opportunity_id", "order_line", "state"} & vals.keys():
            self._customer_estimate_leads()
        return result

    def _customer_estimate_leads(self):
        """Estimate the opportunities of these orders anew."""
        # sudo: whoever writes an offer need not see the opportunity; what is written there is for the program.
        self.sudo().opportunity_id._customer_estimate()
