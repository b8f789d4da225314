from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Silent for so many times the usual gap: what a forecast says of the customer is not the whole truth.
LATE = 2
YEAR = 365
# Stages that say themselves that a customer may be lost.
BAD_HEALTH = ("risk", "gone")


class CustomerValue(models.Model):
    """What the form says first of a customer, and what speaks against a low risk."""

    _inherit = "customer.value"

    risk_note = fields.Char(
        "Note on the Risk",
        compute="_compute_risk_note",
        help="A low risk of loss only looks at when the customer buys. This note names other signs: silence, "
        "shrinking revenue, an open complaint, the stage.",
    )
    loss_risk = fields.Selection(
        [
            ("high", "High"),
            ("medium", "Medium"),
            ("doubtful", "Low, with warning signs"),
            ("low", "Low"),
        ],
        "Risk",
        compute="_compute_loss_risk",
        search="_search_loss_risk",
        help="The risk of loss. With warning signs: the forecast says low, but the customer is silent, buys less, has "
        "an open complaint or is in a stage at risk or lost.",
    )
    panel_id = fields.Many2one("customer.value", compute="_compute_panel_id")
    window_text = fields.Char(
        "Period in Words", compute="_compute_window_text", help="Length of the period that counts, in words."
    )

    @api.depends(
        "churn_level", "cadence_ratio", "revenue_trend", "open_complaints", "lifecycle_stage_id", "lifecycle_health"
    )
    @api.depends_context("lang")
    def _compute_risk_note(self):
        for value in self:
            value.risk_note = value.churn_level == "low" and value._risk_note()

    @api.depends(
        "churn_level", "cadence_ratio", "revenue_trend", "open_complaints", "lifecycle_stage_id", "lifecycle_health"
    )
    def _compute_loss_risk(self):
        for value in self:
            doubtful = value.churn_level == "low" and value._risk_doubts()
            value.loss_risk = "doubtful" if doubtful else value.churn_level

    def _search_loss_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "COALESCE(%s, '') IN %s",
            model._field_to_sql(alias, "loss_risk", query), tuple(level or "" for level in value),
        ))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the database tell a low risk that is in doubt, for the bar above a column of the board."""
        if field_expr != "loss_risk":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            """CASE WHEN %(level)s = 'low'
                     AND (%(ratio)s >= %(late)s OR %(trend)s = 'down' OR %(complaints)s > 0 OR %(health)s IN %(bad)s)
                    THEN 'doubtful' ELSE %(level)s END""",
            level=super()._field_to_sql(alias, "churn_level", query),
            ratio=self._field_to_sql(alias, "cadence_ratio", query),
            late=LATE,
            trend=super()._field_to_sql(alias, "revenue_trend", query),
            complaints=super()._field_to_sql(alias, "open_complaints", query),
            health=super()._field_to_sql(alias, "lifecycle_health", query),
            bad=BAD_HEALTH,
        )

    def _risk_doubts(self):
        """Return what contradicts a low risk: names of facts, the most telling first (one record)."""
        found = {
            "late": bool(self.cadence_ratio) and self.cadence_ratio >= LATE,
            "shrinking": self.revenue_trend == "down",
            "complaint": bool(self.open_complaints),
            "stage": self.lifecycle_health in BAD_HEALTH,
        }
        return [name for name, speaks_against in found.items() if speaks_against]

    def _risk_note(self):
        """Return what contradicts a low risk, or False."""
        self.ensure_one()
        doubts = self._risk_doubts()
        late = "late" in doubts
        reasons = []
        if late:
            reasons.append(self.env._("silent for %s × the usual gap", f"{self.cadence_ratio:.1f}"))
        if "shrinking" in doubts:
            reasons.append(self.env._("revenue is shrinking"))
        if "complaint" in doubts:
            reasons.append(self.env._("a complaint is open"))
        if doubts == ["stage"]:
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
