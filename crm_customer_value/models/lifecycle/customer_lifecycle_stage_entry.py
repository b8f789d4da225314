from odoo import api, models

# The activity plans that come with the addon, by the code of the stage that starts them.
ENTRY_PLANS = {
    "at_risk": "crm_customer_value.mail_activity_plan_at_risk",
    "dormant": "crm_customer_value.mail_activity_plan_dormant",
    "lost": "crm_customer_value.mail_activity_plan_lost",
}


class CustomerLifecycleStage(models.Model):
    """One switch for the activities that the stages start as shipped."""

    _inherit = "customer.lifecycle.stage"

    @api.model
    def _shipped_entries(self):
        """Return [(stage, plan)] of the stages that came with the addon, as far as both are still there."""
        stages = self.search([("code", "in", list(ENTRY_PLANS))])
        plans = {
            code: self.env.ref(name, raise_if_not_found=False) or self.env["mail.activity.plan"]
            for code, name in ENTRY_PLANS.items()
        }
        return [(stage, plans[stage.code]) for stage in stages if plans[stage.code].active]

    @api.model
    def _starts_shipped_entries(self):
        """Tell whether a stage starts the activity plan that was shipped for it."""
        return any(
            stage.entry_action == "plan" and stage.entry_plan_id == plan for stage, plan in self._shipped_entries()
        )

    @api.model
    def _switch_shipped_entries(self, on):
        """Have the stages start their shipped plans, or nothing; what somebody else chose for a stage stays."""
        for stage, plan in self._shipped_entries():
            if on and stage.entry_action == "none":
                stage.write({"entry_action": "plan", "entry_plan_id": plan.id})
            elif not on and stage.entry_action == "plan" and stage.entry_plan_id == plan:
                stage.entry_action = "none"
