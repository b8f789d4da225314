"""What is worth doing because the customer gains less than they could."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..value.customer_value_next_action import NextAction, Words

# A fall is talked about while it is fresh.
FALL_DAYS = 90


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "benefit": NextAction(
                self.env._("Benefit fell"), type(self)._benefit_action_sql, type(self)._benefit_words,
            ),
            "goal": NextAction(
                self.env._("Goal behind"), type(self)._goal_action_sql, type(self)._goal_words,
                button="record", opens=self.env._("Open Goal"), model="customer.benefit.goal",
            ),
            "proposal": NextAction(
                self.env._("Goal proposed by the customer"), type(self)._proposal_action_sql,
                type(self)._proposal_words, button="record", opens=self.env._("Answer Goal"),
                model="customer.benefit.goal", is_talk=False, outcome="settled", days=14, rest=14,
            ),
        }

    @api.model
    def _benefit_action_sql(self, asked):
        fell = "GREATEST(v.benefit_fell_on, v.delivered_fell_on)"
        return asked.values(
            SQL("%s BETWEEN %s AND %s", SQL(fell), asked.day - timedelta(days=FALL_DAYS), asked.day),
            "v.value_at_risk", fell, f"jsonb_build_object('day', {fell})",
        )

    @api.model
    def _goals_sql(self, asked, state):
        return SQL(
            """SELECT DISTINCT ON (g.commercial_partner_id) g.commercial_partner_id AS partner_id,
                      v.value_at_risk AS worth, NULL::date AS since, g.id AS res_id,
                      jsonb_build_object('metric', g.metric_id, 'day', g.date_target) AS facts
                 FROM customer_benefit_goal g
                 LEFT JOIN customer_value v ON v.company_id = g.company_id AND v.partner_id = g.commercial_partner_id
                WHERE g.company_id = %s AND g.active AND g.state = %s AND %s
                ORDER BY g.commercial_partner_id, g.date_target, g.id""",
            asked.company_id, state, asked.of(SQL("g.commercial_partner_id")),
        )

    @api.model
    def _goal_action_sql(self, asked):
        return self._goals_sql(asked, "behind")

    @api.model
    def _proposal_action_sql(self, asked):
        return self._goals_sql(asked, "proposed")

    @api.model
    def _metric_name(self, facts):
        # sudo: what is measured reads everybody who reads the goal.
        return self.env["customer.benefit.metric"].sudo().browse(facts["metric"]).exists().name or ""

    @api.model
    def _benefit_words(self, facts):
        return Words(
            self.env._("What they gain from us fell below our limit on %s.", self._fact_day(facts, "day")),
            self.env._("Show them their numbers, ask what has changed, and agree on what to do about it."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )

    @api.model
    def _goal_words(self, facts):
        return Words(
            self.env._("The goal “%(metric)s” is behind. It was agreed for %(day)s.", metric=self._metric_name(facts),
                       day=self._fact_day(facts, "day")),
            self.env._("Say where they stand, ask what is in the way, and agree on the next step."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )

    @api.model
    def _proposal_words(self, facts):
        return Words(
            self.env._("They proposed a goal, “%(metric)s”, and nobody answered yet.", metric=self._metric_name(facts)),
            self.env._("Thank them, ask what it depends on, and accept or decline the goal."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )
