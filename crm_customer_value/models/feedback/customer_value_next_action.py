"""An unhappy answer is not left without one of ours."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..value.customer_value_next_action import NextAction, Words

# An answer that is older was about something that is long past.
ANSWER_DAYS = 60


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "feedback": NextAction(
                self.env._("Unhappy answer"), type(self)._feedback_action_sql, type(self)._feedback_words,
                button="record", opens=self.env._("Read Answer"), model="customer.feedback", outcome="settled",
                days=14, rest=30,
            ),
        }

    @api.model
    def _feedback_action_sql(self, asked):
        """By the latest answer, until somebody of us is in touch."""
        return SQL(
            """SELECT latest.partner_id, v.value_at_risk AS worth, latest.day AS since, latest.id AS res_id,
                      jsonb_build_object('day', latest.day) AS facts
                 FROM (SELECT DISTINCT ON (f.commercial_partner_id) f.id, f.commercial_partner_id AS partner_id,
                              f.company_id, f.mood, f.date_answered::date AS day
                         FROM customer_feedback f
                        WHERE f.company_id = %s AND f.state = 'answered' AND f.date_answered::date >= %s AND %s
                        ORDER BY f.commercial_partner_id, f.date_answered DESC, f.id DESC) latest
                 LEFT JOIN customer_value v
                   ON v.company_id = latest.company_id AND v.partner_id = latest.partner_id
                WHERE latest.mood = 'bad' AND (v.last_contact_by_us IS NULL OR v.last_contact_by_us < latest.day)""",
            asked.company_id, asked.day - timedelta(days=ANSWER_DAYS), asked.of(SQL("f.commercial_partner_id")),
        )

    @api.model
    def _feedback_words(self, facts):
        return Words(
            self.env._("They answered on %s that they are unhappy, and nobody of us was in touch since.",
                       self._fact_day(facts, "day")),
            self.env._("Read the answer first. Thank them for it, and ask what would make it right."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )
