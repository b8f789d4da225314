from odoo import models


class CustomerComplaint(models.Model):
    _name = "customer.complaint"
    _inherit = ["customer.complaint", "customer.need.count"]

    def _customer_need_field(self):
        return "complaint_id"
