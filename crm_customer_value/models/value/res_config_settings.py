from odoo import api, fields, models
from odoo.fields import Command

from ..base.number_fields import Float, Integer

# Whoever may read and change policies.
MANAGER_GROUP = "sales_team.group_sale_manager"


class ResConfigSettings(models.TransientModel):
    """Settings of the current company's value policy, and of the nightly recompute."""

    _inherit = "res.config.settings"

    customer_value_policy_id = fields.Many2one(
        "customer.value.policy", "Current Policy", compute="_compute_customer_value_policy_id", groups=MANAGER_GROUP
    )
    customer_value_revenue_source = fields.Selection(
        selection=lambda self: self._customer_value_selection("revenue_source"),
        string="Purchases",
        groups=MANAGER_GROUP,
    )
    customer_value_value_basis = fields.Selection(
        selection=lambda self: self._customer_value_selection("value_basis"),
        string="Value Measured by",
        groups=MANAGER_GROUP,
    )
    customer_value_class_basis = fields.Selection(
        selection=lambda self: self._customer_value_selection("class_basis"),
        string="Customer Classes by",
        groups=MANAGER_GROUP,
    )
    customer_value_tz = fields.Selection(
        selection=lambda self: self._customer_value_selection("tz"),
        string="Value Time Zone",
        groups=MANAGER_GROUP,
    )
    customer_value_window_days = Integer("Period That Counts (days)", groups=MANAGER_GROUP)
    customer_value_pareto_a = Float("Customer Class A up to (%)", digits=(5, 2), groups=MANAGER_GROUP)
    customer_value_pareto_b = Float("Customer Class B up to (%)", digits=(5, 2), groups=MANAGER_GROUP)
    customer_value_discount_rate = Float("Yearly Discount on Future Value (%)", digits=(5, 2), groups=MANAGER_GROUP)
    customer_value_hysteresis = Float("Stage Stability (%)", digits=(5, 2), groups=MANAGER_GROUP)
    customer_value_weight_ids = fields.One2many(
        "customer.value.weight.choice", "settings_id", "Weights", groups=MANAGER_GROUP
    )
    customer_value_weight_shares = fields.Char(
        "Shares of the Weights", compute="_compute_customer_value_weight_shares", groups=MANAGER_GROUP
    )
    customer_value_industry_weights = fields.Text(
        "Weights of Industries", related="customer_value_policy_id.industry_weights", groups=MANAGER_GROUP
    )
    customer_value_snapshot_months = Integer("Months of Customer Value History", groups=MANAGER_GROUP)
    customer_value_forecasts = fields.Char(
        "Forecasts", compute="_compute_customer_value_forecasts", groups=MANAGER_GROUP,
        help="How the forecasts of customers are made. The run log shows how good each method was in the last half "
        "year.",
    )
    customer_value_nightly = fields.Boolean("Nightly Recompute", groups=MANAGER_GROUP)
    customer_value_next_run = fields.Datetime(
        "Next Nightly Recompute", help="The following runs start at the same time every night.", groups=MANAGER_GROUP
    )

    @api.model
    def _customer_value_selection(self, name):
        """Return the choices of a field of the policy, in the user's language."""
        field = self.env["customer.value.policy"]._fields[name]
        return field._description_selection(self.env)

    @api.depends("company_id")
    def _compute_customer_value_policy_id(self):
        for settings in self:
            settings.customer_value_policy_id = self.env["customer.value.policy"]._get_active(
                settings.company_id
            )

    @api.depends("customer_value_weight_ids.weight")
    def _compute_customer_value_weight_shares(self):
        policies = self.env["customer.value.policy"]
        for settings in self:
            settings.customer_value_weight_shares = policies._shares_of(settings.customer_value_weight_ids._weights())

    @api.depends("company_id")
    def _compute_customer_value_forecasts(self):
        for settings in self:
            settings.customer_value_forecasts = self.env["customer.value.run"]._forecast_summary(settings.company_id)

    @api.model
    def _customer_value_cron(self):
        # sudo: whoever may change settings may change this schedule, and no other action.
        cron = self.env.ref("crm_customer_value.ir_cron_customer_value_nightly", raise_if_not_found=False)
        return (cron or self.env["ir.cron"]).sudo()

    @api.model
    def get_values(self):
        """Add the rules of the policy in force and the schedule, for who may read them."""
        if not self.env["customer.value.policy"].has_access("read"):
            return super().get_values()
        policy = self.env["customer.value.policy"]._get_active(self.env.company)
        cron = self._customer_value_cron()
        return super().get_values() | {
            **{f"customer_value_{name}": policy[name] for name in policy._scoring_fields},
            "customer_value_weight_ids": [
                Command.create(values) for values in self.env["customer.value.weight.choice"]._choices(policy)
            ],
            "customer_value_snapshot_months": policy.snapshot_months,
            "customer_value_nightly": cron.active,
            "customer_value_next_run": cron.nextcall,
        }

    def set_values(self):
        """Make a new version of the policy where the rules changed, and keep the schedule."""
        result = super().set_values()
        if not self.env["customer.value.policy"].has_access("write"):
            return result
        policy = self.env["customer.value.policy"]._get_active(self.env.company)
        policy = policy._renew(
            {name: self[f"customer_value_{name}"] for name in policy._scoring_fields},
            self.customer_value_weight_ids._weights(),
        )
        if policy.snapshot_months != self.customer_value_snapshot_months:
            policy.snapshot_months = self.customer_value_snapshot_months
        self._set_customer_value_schedule()
        return result

    def _set_customer_value_schedule(self):
        """Write what changed in the schedule, and nothing else: a running action is locked."""
        cron = self._customer_value_cron()
        values = {}
        if self.customer_value_nightly != cron.active:
            values["active"] = self.customer_value_nightly
        next_run = self.customer_value_next_run
        # A moment in the past is what the page showed before the last run, not a wish.
        if next_run and next_run != cron.nextcall and next_run > fields.Datetime.now():
            values["nextcall"] = next_run
        if cron and values:
            cron.write(values)

    def action_customer_value_recompute(self):
        """Queue a recompute of the current company and show it."""
        return self.env["customer.value.run"].action_recompute()
