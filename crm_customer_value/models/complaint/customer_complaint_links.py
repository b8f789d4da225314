"""What a complaint is about: an order, its line, a product, an invoice, all of one customer."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    other_complaint_count = Integer("Other Complaints", compute="_compute_other_complaint_count")

    @api.onchange("order_id")
    def _onchange_order_id(self):
        """An order knows its customer, and often its only product."""
        if self.order_id:
            self.partner_id = self.partner_id or self.order_id.partner_id
            if self.order_line_id.order_id != self.order_id:
                self.order_line_id = False
            lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
            if len(lines) == 1:
                self.order_line_id = lines
                self.product_id = lines.product_id

    @api.onchange("order_line_id")
    def _onchange_order_line_id(self):
        if self.order_line_id:
            self.order_id = self.order_line_id.order_id
            self.product_id = self.order_line_id.product_id

    @api.onchange("invoice_id")
    def _onchange_invoice_id(self):
        if self.invoice_id:
            self.partner_id = self.partner_id or self.invoice_id.partner_id

    @api.constrains("partner_id", "order_id", "order_line_id", "product_id", "invoice_id")
    def _check_links(self):
        """Nobody complains about somebody else's documents."""
        # sudo: who notes a complaint may not see every order; all that is told is that it does not fit.
        for complaint in self.sudo():
            message = complaint._wrong_link()
            if message:
                raise ValidationError(message)

    def _wrong_link(self):
        """Return what is wrong with the links of this complaint, or None (one record).

        In words that name no document: whoever changes a complaint may not see all of them.
        """
        line, order, invoice = self.order_line_id, self.order_id, self.invoice_id
        if line and line.order_id != order:
            return self.env._("The order line does not belong to the order. Choose a line of the order.")
        if line.product_id and self.product_id and line.product_id != self.product_id:
            return self.env._("The product is not the product of the order line. Change one of them.")
        if invoice and not invoice.is_sale_document(include_receipts=True):
            return self.env._("The document is no invoice to a customer. Choose another one.")
        customer = self.commercial_partner_id
        if customer and order and order.partner_id.commercial_partner_id != customer:
            return self.env._(
                "The order was not placed by this customer. Choose one of the customer's orders, or change the "
                "customer."
            )
        if customer and invoice and invoice.commercial_partner_id != customer:
            return self.env._(
                "The invoice was not sent to this customer. Choose one of the customer's invoices, or change the "
                "customer."
            )
        return None

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_other_complaint_count(self):
        complaints = self.env["customer.complaint"]
        customers = dict(complaints._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)], ["commercial_partner_id"], ["__count"]
        ))
        for complaint in self:
            others = customers.get(complaint.commercial_partner_id, 0)
            complaint.other_complaint_count = max(others - bool(complaint._origin), 0)

    def action_view_other_complaints(self):
        """Show what else this customer complains or complained about."""
        self.ensure_one()
        return self._view_complaints(
            self.env._("Complaints of %s", self.commercial_partner_id.display_name),
            [("commercial_partner_id", "=", self.commercial_partner_id.id), ("id", "!=", self.id)],
        )

    def _view_complaints(self, title, domain):
        self._check_inside()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.complaint",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _action_new(self, contact, company):
        """Return the form of a new complaint of a contact to a company."""
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Complaint"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {"default_partner_id": contact.id, "default_company_id": company.id},
        }
