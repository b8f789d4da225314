from odoo import models

from ..base.number_fields import Integer

SERVICE_GROUP = "crm_customer_value.group_service_own"


class ResPartner(models.Model):
    _inherit = "res.partner"

    benefit_goal_count = Integer(
        "Goals of the Customer", compute="_compute_benefit_counts", groups=SERVICE_GROUP,
        help="Goals agreed with the customer that count today, with any of their contacts.",
    )
    benefit_record_count = Integer(
        "Measurements of the Customer", compute="_compute_benefit_counts", groups=SERVICE_GROUP,
        help="What was measured at the customer.",
    )

    def _compute_benefit_counts(self):
        found = {
            model: dict(self.env[model]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)], ["commercial_partner_id"],
                ["__count"],
            ))
            for model in ("customer.benefit.goal", "customer.benefit.record")
        }
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.benefit_goal_count = found["customer.benefit.goal"].get(customer, 0)
            partner.benefit_record_count = found["customer.benefit.record"].get(customer, 0)

    def _customer_follow_move(self, families):
        """Count no day twice where both customers were measured: the younger record waits for somebody to look."""
        result = super()._customer_follow_move(families)
        records, goals = self.env["customer.benefit.record"], self.env["customer.benefit.goal"]
        # What has been left behind counts again.
        records.search([("partner_id", "in", self.ids)])._settle_overlaps()
        records.search([
            ("commercial_partner_id", "in", self.commercial_partner_id.ids), ("overlap_id", "=", False),
        ])._find_overlaps()
        parted = goals.with_context(active_test=False).search([
            "|", ("partner_id", "in", self.ids), ("need_id.partner_id", "in", self.ids),
        ]).filtered(lambda goal: goal.need_id and goal.need_id.commercial_partner_id != goal.commercial_partner_id)
        parted.need_id = False
        return result

    def action_view_benefit_goals(self):
        """Open the goals of the customer behind this contact."""
        return self._customer_benefit_action("crm_customer_value.customer_benefit_goal_action", "benefit_goal_count")

    def action_view_benefit_records(self):
        """Open what was measured at the customer behind this contact."""
        return self._customer_benefit_action(
            "crm_customer_value.customer_benefit_record_action", "benefit_record_count"
        )

    def _customer_benefit_action(self, xml_id, counted):
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields[counted], "read")
        action = self.env["ir.actions.actions"]._for_xml_id(xml_id)
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
