from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "customer.complaint.count"]

    def _complaint_field(self):
        return "picking_id"

    def _complaint_context(self):
        """A complaint about a delivery comes from whoever ordered it."""
        partner = self.sale_id.partner_id or self.partner_id
        return {
            **super()._complaint_context(),
            "default_partner_id": partner.id,
            "default_order_id": self.sale_id.id,
        }
