"""What is worth doing because the customer gains less than they could."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.benefit import peers
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
            "advice": NextAction(
                self.env._("Advice to talk about"), type(self)._advice_action_sql, type(self)._advice_words,
                button="record", opens=self.env._("Open Customer"), model="res.partner", rest=180,
            ),
        }

    @api.model
    def _benefit_action_sql(self, asked):
        fell = SQL("GREATEST(v.benefit_fell_on, v.delivered_fell_on)")
        return asked.values(
            SQL("%s BETWEEN %s AND %s", fell, asked.day - timedelta(days=FALL_DAYS), asked.day),
            SQL("v.value_at_risk"), fell, SQL("jsonb_build_object('day', %s)", fell),
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
    def _advice_action_sql(self, asked):
        """Whoever was measured, can be compared with enough others, has agreed on no goal, and heard nothing since.

        How they compare is not told here: it is worked out for whoever reads the advice, from what that person may
        read. As there, those whose figures the salesperson reads and those whose they do not are never counted
        together.
        """
        since = asked.day - relativedelta(months=peers.MONTHS)
        asked_about = SQL("TRUE") if asked.partners is None else SQL(
            "r.metric_id IN (SELECT metric_id FROM customer_benefit_record WHERE commercial_partner_id = ANY(%s))",
            asked.partners,
        )
        return SQL(
            """SELECT DISTINCT ON (c.partner_id) c.partner_id, v.value_at_risk AS worth, c.day AS since,
                      c.partner_id AS res_id, jsonb_build_object('metric', c.metric_id, 'day', c.day) AS facts
                 FROM (SELECT latest.*, COUNT(*) OVER (PARTITION BY metric_id, industry_id) AS number,
                              COUNT(*) FILTER (WHERE user_id IS NULL)
                                  OVER (PARTITION BY metric_id, industry_id) AS nobodys,
                              CASE WHEN user_id IS NULL THEN 0
                                   ELSE COUNT(*) OVER (PARTITION BY metric_id, industry_id, user_id) END AS own
                         FROM (SELECT DISTINCT ON (r.commercial_partner_id, r.metric_id)
                                      r.commercial_partner_id AS partner_id, r.metric_id, r.date_to AS day,
                                      p.industry_id, p.user_id
                                 FROM customer_benefit_record r
                                 JOIN res_partner p ON p.id = r.commercial_partner_id
                                WHERE r.company_id = %(company)s AND r.counts AND r.date_to > %(since)s
                                  AND r.date_to <= %(day)s AND p.industry_id IS NOT NULL AND %(asked)s
                                ORDER BY r.commercial_partner_id, r.metric_id, r.date_to DESC, r.id DESC) latest
                      ) c
                 LEFT JOIN customer_value v ON v.company_id = %(company)s AND v.partner_id = c.partner_id
                WHERE %(customers)s AND GREATEST(c.own + c.nobodys - 1, c.number - c.own - c.nobodys) >= %(enough)s
                  AND (v.last_contact_by_us IS NULL OR v.last_contact_by_us < c.day)
                  AND NOT EXISTS (SELECT 1 FROM customer_benefit_goal g
                                   WHERE g.company_id = %(company)s AND g.commercial_partner_id = c.partner_id
                                     AND g.metric_id = c.metric_id AND g.active
                                     AND g.state NOT IN ('reached', 'missed'))
                ORDER BY c.partner_id, c.day DESC, c.metric_id""",
            company=asked.company_id, since=since, day=asked.day, asked=asked_about,
            customers=asked.of(SQL("c.partner_id")), enough=peers.PEERS_FROM,
        )

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

    @api.model
    def _advice_words(self, facts):
        return Words(
            self.env._(
                "“%(metric)s” was measured until %(day)s. There are others to compare with, and no goal is agreed.",
                metric=self._metric_name(facts), day=self._fact_day(facts, "day"),
            ),
            self.env._("Show them how they compare with their industry (tab Their Side), and agree on a goal."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )
