"""What people do with a rule: look at what it would do, switch it on, see what came of it."""

from odoo import api, models

from ..base.number_fields import Float, Integer


class CustomerFeedbackRule(models.Model):
    _inherit = "customer.feedback.rule"

    asked_count = Integer(
        "Asked", compute="_compute_asked", help="Questions that were sent, as far as you may see them."
    )
    response_rate = Float(
        "Response Rate (%)", digits=(16, 1), optional=True, compute="_compute_asked", help="Answered, of 100 asked."
    )

    @api.depends_context("uid")
    def _compute_asked(self):
        found = {
            rule: (count, rate)
            for rule, count, rate in self.env["customer.feedback"]._read_group(
                [("rule_id", "in", self.ids), ("state", "in", ("asked", "answered", "expired"))],
                ["rule_id"], ["__count", "response:avg"],
            )
        }
        for rule in self:
            rule.asked_count, rule.response_rate = found.get(rule._origin, (0, False))

    def action_switch_on(self):
        """Ask from now on about what happens from now on."""
        self.active = True

    def action_switch_off(self):
        """Ask nobody any more."""
        self.active = False

    def action_view_feedback(self):
        """Open what this rule asked."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_feedback_action")
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}

    def action_preview(self):
        """Show how many contacts would be asked, and how many not for which reason."""
        self.ensure_one()
        self.check_access("write")
        # sudo: which rule it is about is nobody's to write.
        preview = self.env["customer.feedback.preview"].sudo().create({"rule_id": self.id}).sudo(False)
        preview._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who would be asked: %(rule)s", rule=self.name),
            "res_model": preview._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
        }
