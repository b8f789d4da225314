from odoo import api, fields, models

from .number_fields import Integer

# Silent for so many times the usual gap: what a forecast says of the customer is not the whole truth.
LATE = 2
YEAR = 365


class CustomerValue(models.Model):
    """What the form says first of a customer, and what speaks against a low risk."""

    _inherit = "customer.value"

    risk_note = fields.Char(
        "Note on the Risk",
        compute="_compute_risk_note",
        help="A low risk of loss only looks at when the customer buys. This note names other signs: silence, "
        "shrinking revenue, an open complaint, the stage.",
    )
    panel_id = fields.Many2one("customer.value", compute="_compute_panel_id")
    window_text = fields.Char(
        "Period in Words", compute="_compute_window_text", help="Length of the period that counts, in words."
    )
    transition_count = Integer("Stage Changes", compute="_compute_transition_count")

    @api.depends(
        "churn_level", "cadence_ratio", "revenue_trend", "open_complaints", "lifecycle_stage_id", "lifecycle_health"
    )
    @api.depends_context("lang")
    def _compute_risk_note(self):
        for value in self:
            value.risk_note = value.churn_level == "low" and value._risk_note()

    def _risk_note(self):
        """Return what contradicts a low risk, or False."""
        self.ensure_one()
        late = self.cadence_ratio and self.cadence_ratio >= LATE
        reasons = []
        if late:
            reasons.append(self.env._("silent for %s × the usual gap", f"{self.cadence_ratio:.1f}"))
        if self.revenue_trend == "down":
            reasons.append(self.env._("revenue is shrinking"))
        if self.open_complaints:
            reasons.append(self.env._("a complaint is open"))
        if not reasons and self.lifecycle_health in ("risk", "gone"):
            reasons.append(self.env._("the stage is %s", self.lifecycle_stage_id.name))
        if not reasons:
            return False
        facts = ", ".join(reasons)
        if late:
            return self.env._("low by the forecast alone: %s", facts)
        return self.env._("low by rhythm alone: %s", facts)

    def _compute_panel_id(self):
        for value in self:
            value.panel_id = value

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_window_text(self):
        for company, values in self.grouped("company_id").items():
            days = self.env["customer.value.policy"]._get_active(company).window_days
            values.window_text = self.env._("12 months") if days == YEAR else self.env._("%s days", days)

    @api.depends("partner_id", "company_id")
    def _compute_transition_count(self):
        groups = self.env["customer.lifecycle.transition"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            ["company_id", "partner_id"], ["__count"],
        )
        counts = {(company, partner): count for company, partner, count in groups}
        for value in self:
            value.transition_count = counts.get((value.company_id, value.partner_id), 0)
