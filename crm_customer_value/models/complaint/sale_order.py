"""Complaints about orders."""

from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "customer.complaint.count"]

    @api.depends("state")
    def _compute_complaint_warning(self):
        return super()._compute_complaint_warning()

    def _is_sold(self):
        return self.state == "sale"

    def _complaint_field(self):
        return "order_id"

    def _complaint_help(self):
        return self.env._("No complaints about this order")

    def unlink(self):
        """Leave complaints about these orders without one.

        Here and not in the database: there, the order and its lines empty two links of one complaint in
        turn, and the first is refused where the complaint is as new as the deletion.
        """
        # sudo: whoever may delete an order need not see the complaints about it.
        complaints = self.env["customer.complaint"].sudo().with_context(active_test=False)
        complaints.search([("order_id", "in", self.ids)]).write({"order_id": False, "order_line_id": False})
        return super().unlink()
