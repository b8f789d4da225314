from odoo import api, fields, models


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", index="btree_not_null", check_company=True
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"picking_id"}

    @api.onchange("picking_id")
    def _onchange_picking_id(self):
        """A delivery knows its order and its customer."""
        if self.picking_id:
            self.order_id = self.order_id or self.picking_id.sale_id
            self.partner_id = self.partner_id or self.order_id.partner_id or self.picking_id.partner_id

    @api.constrains("picking_id")
    def _check_picking(self):
        self._check_links()

    def _wrong_link(self):
        """The delivery belongs to the customer, or brings what the customer ordered (one record)."""
        wrong = super()._wrong_link()
        picking, customer = self.picking_id, self.commercial_partner_id
        if wrong or not picking or not customer:
            return wrong
        concerned = (picking.partner_id | picking.sale_id.partner_id).commercial_partner_id
        if customer not in concerned:
            return self.env._(
                "The delivery did not go to this customer. Choose one of the customer's deliveries, or change the "
                "customer."
            )
        return None

    def _prepare_merged(self, other):
        values = super()._prepare_merged(other)
        if other.picking_id and not self.picking_id:
            values["picking_id"] = other.picking_id.id
        return values
