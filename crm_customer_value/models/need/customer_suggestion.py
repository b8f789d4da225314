from odoo import models


class CustomerSuggestion(models.Model):
    _name = "customer.suggestion"
    _inherit = ["customer.suggestion", "customer.need.count"]

    def _customer_need_field(self):
        return "suggestion_id"
