from datetime import timedelta

from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerValue(models.Model):
    """The way from the numbers to the purchases and invoices that they are made of."""

    _inherit = "customer.value"

    purchase_count = Integer(
        "Purchases You May See",
        compute="_compute_purchase_count",
        help="Purchases that count and whose documents you may read.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_purchase_count(self):
        purchases = self.env["customer.value.purchase"]
        counts = dict(purchases._read_group(
            [("value_id", "in", self.ids), ("is_purchase", "=", True)], ["value_id"], ["__count"]
        ))
        for value in self:
            value.purchase_count = counts.get(value, 0)

    def action_view_purchases(self, period=False):
        """Open what the revenue, the margin and the number of purchases are made of.

        :param str period: only what counts in this period (see ``customer.value.purchase``), with credit notes: what
            the revenue of the period is made of
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_purchase_action")
        action["domain"] = [("value_id", "=", self.id)]
        if period:
            action["context"] = {f"search_default_{period}": 1}
        return action

    def action_view_due_invoices(self):
        """Open the invoices of which something fell due in the period that counts, as far as the user may read them."""
        self.ensure_one()
        self.check_access("read")
        self.env["account.move"].check_access("read")
        policy = self.env["customer.value.policy"]._get_active(self.company_id)
        today = self._lifecycle_today(self.company_id)
        first = today - timedelta(days=policy.window_days - 1)
        # What is due today may still be paid today: it does not count yet.
        due = [
            ("account_id.account_type", "=", "asset_receivable"), ("debit", ">", 0),
            ("date_maturity", ">=", fields.Date.to_string(first)), ("date_maturity", "<", fields.Date.to_string(today)),
        ]
        name = self.env._("Due in the Period")
        return self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type") | {
            "name": name,
            "display_name": name,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", ["out_invoice", "out_receipt"]),
                ("line_ids", "any", due),
            ],
            "context": {"create": False},
        }
