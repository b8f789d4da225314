from odoo import api, fields, models

from ..base.number_fields import Integer

SERVICE_GROUP = "crm_customer_value.group_service_own"


class CustomerNeed(models.Model):
    """A need may lead to a goal, which says when it is met."""

    _inherit = "customer.need"

    goal_ids = fields.One2many(
        "customer.benefit.goal", "need_id", "Goals", readonly=True, copy=False, groups=SERVICE_GROUP
    )
    goal_count = Integer("Number of Goals", compute="_compute_goal_count", groups=SERVICE_GROUP)

    def _compute_goal_count(self):
        counts = dict(self.env["customer.benefit.goal"].with_context(active_test=False)._read_group(
            [("need_id", "in", self.ids)], ["need_id"], ["__count"]
        ))
        for need in self:
            need.goal_count = counts.get(need._origin, 0)

    @api.constrains("partner_id")
    def _check_goals(self):
        # sudo: whoever changes a need need not be allowed to read the goals made from it.
        self.sudo().with_context(active_test=False).goal_ids._check_need()

    def action_create_goal(self):
        """Open a new goal that begins with what the need says."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.benefit.goal"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Goal"),
            "res_model": "customer.benefit.goal",
            "views": [(False, "form")],
            "context": {
                "default_need_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_product_id": self.product_id.id,
                "default_metric_id": self.type_id.metric_id.id,
            },
        }

    def action_view_goals(self):
        """Open the goals that were made from this need."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_value.customer_benefit_goal_action")
        action["domain"] = [("need_id", "=", self.id)]
        action["context"] = {**self.action_create_goal()["context"], "active_test": False}
        return action
