"""What the customer bought: orders, and invoices where these are what counts as revenue."""

from odoo import api, models

from .customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        kinds = super()._kinds() | {
            "order": TimelineKind(
                self.env._("Orders"), "fa-shopping-cart", "sale.order", "date_order", [("state", "=", "sale")],
                type(self)._tell_order, customer="partner_id.commercial_partner_id",
            ),
        }
        if companies := self._invoicing_companies():
            kinds["invoice"] = TimelineKind(
                self.env._("Invoices"), "fa-file-text-o", "account.move", "invoice_date",
                [
                    ("move_type", "in", ("out_invoice", "out_refund")), ("state", "=", "posted"),
                    ("company_id", "in", companies.ids),
                ],
                type(self)._tell_invoice,
            )
        return kinds

    @api.model
    def _invoicing_companies(self):
        """Return the companies one works in whose revenue is what was invoiced."""
        # sudo: only where revenue comes from, which shows in the figures of every customer.
        return self.env["customer.value.policy"].sudo().search([
            ("state", "=", "active"), ("revenue_source", "=", "invoice"), ("company_id", "in", self.env.companies.ids),
        ]).company_id

    @api.model
    def _tell_order(self, order):
        return TimelineEntry(
            self.env._("Order %s", order.name), amount=self._amount_of(order, "amount_untaxed"), user=order.user_id,
        )

    @api.model
    def _tell_invoice(self, move):
        is_refund = move.move_type == "out_refund"
        return TimelineEntry(
            (self.env._("Credit note %s") if is_refund else self.env._("Invoice %s")) % move.name,
            amount=self._amount_of(move, "amount_untaxed_in_currency_signed"), user=move.invoice_user_id,
        )
