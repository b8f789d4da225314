from odoo import api, models

from .number_fields import Integer


class CustomerValue(models.Model):
    """The way from the numbers to the purchases that they are made of."""

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

    def action_view_purchases(self):
        """Open what the revenue, the margin and the number of purchases are made of."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_purchase_action")
        action["domain"] = [("value_id", "=", self.id)]
        return action
