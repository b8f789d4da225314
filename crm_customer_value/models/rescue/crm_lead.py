from odoo import api, fields, models


class CrmLead(models.Model):
    """Opportunities to win a customer back are marked by the effort that they belong to."""

    _inherit = "crm.lead"

    rescue_id = fields.Many2one(
        "customer.rescue", "Win-Back", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups="sales_team.group_sale_salesman",
        help="The effort to win the customer back that this opportunity belongs to.",
    )
    rescue_reason = fields.Selection(
        related="rescue_id.reason", string="Reason to Have Left", groups="sales_team.group_sale_salesman"
    )
    rescue_action_text = fields.Char(
        related="rescue_id.action_text", string="How to Win Back", groups="sales_team.group_sale_salesman"
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._customer_check_rescue()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get("rescue_id"):
            self._customer_check_rescue()
        return result

    def _customer_check_rescue(self):
        """Name no effort that the user may not read: the link shows the customer, and why they left."""
        # sudo: which effort is named, to ask whether the user may read it.
        if not self.env.su and (rescues := self.sudo().rescue_id):
            rescues.sudo(False).check_access("read")

    def _merge_dependences(self, opportunities):
        """Keep to which effort the opportunities belong."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever merges opportunities need not be the one who makes the effort.
        lead = self.sudo()
        if not lead.rescue_id:
            lead.rescue_id = opportunities.sudo().rescue_id[:1]
        return result
