"""Which efforts were made for a customer."""

from odoo import api, models

from ..base.number_fields import Integer
from ..value.customer_value_mixin import SALES_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    rescue_count = Integer(
        "Efforts to Keep or Win Back", compute="_compute_rescue_count", groups=SALES_GROUP,
        help="Efforts for this customer, or one of their contacts, as far as you may read them.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_rescue_count(self):
        found = dict(self.env["customer.rescue"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "done")],
            ["commercial_partner_id"], ["__count"],
        ))
        for partner in self:
            partner.rescue_count = found.get(partner.commercial_partner_id, 0)

    def action_view_rescues(self):
        """Open the efforts for this customer."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.rescue"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_rescue_action")
        return action | {
            "domain": [
                ("commercial_partner_id", "=", self.commercial_partner_id.id), ("state", "=", "done"),
            ],
            "context": {},
        }
