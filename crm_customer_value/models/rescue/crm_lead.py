from odoo import fields, models


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

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "rescue_id"]
