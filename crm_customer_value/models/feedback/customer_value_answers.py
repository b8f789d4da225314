from odoo import api, models
from odoo.tools import SQL

from ...engine.complaint import service
from ..base.number_fields import Float, Integer


class CustomerValue(models.Model):
    """What customers answer when they are asked counts in their satisfaction, next to how they rate complaints."""

    _inherit = "customer.value"

    feedback_count_12m = Integer(
        "Answers to Questions (period)", readonly=True,
        help="Answers to our questions in the period: the latest of each contact to each kind of question.",
    )
    feedback_points_12m = Float(
        "Answers to Questions (mean)", digits=(16, 1), readonly=True, optional=True, aggregator="avg",
        help="Mean of these answers, each from 0 (worst) to 100 (best). Empty: no answer.",
    )

    @api.model
    def _index_parts(self):
        """Each answer counts in satisfaction as much as a rating does."""
        parts = super()._index_parts()
        satisfaction = parts["satisfaction"]
        count, points = SQL("COALESCE(w.feedback_answers, 0)"), SQL("COALESCE(w.feedback_points, 0)")
        parts["satisfaction"] = satisfaction._replace(
            score=service.satisfaction_sql(count, points),
            evidence=service.evidence_sql(count),
            also=satisfaction.also | {
                "feedback_count_12m": count,
                "feedback_points_12m": SQL("ROUND(w.feedback_points / NULLIF(w.feedback_answers, 0), 1)"),
            },
        )
        return parts

    def _satisfaction_reasons(self):
        reasons = super()._satisfaction_reasons()
        if self.feedback_count_12m == 1:
            reasons.append(self.env._("answered a question: %s of 100", f"{self.feedback_points_12m:g}"))
        elif self.feedback_count_12m:
            reasons.append(self.env._(
                "answered %(count)s questions, on average %(points)s of 100",
                count=self.feedback_count_12m, points=f"{self.feedback_points_12m:g}",
            ))
        return reasons

    def _story_of_satisfaction(self, full, latest):
        facts, text = super()._story_of_satisfaction(full, latest)
        if self.feedback_count_12m:
            facts.append((self.env._("Answers, last %s", self.window_text), "number", self.feedback_count_12m))
        return facts, text
