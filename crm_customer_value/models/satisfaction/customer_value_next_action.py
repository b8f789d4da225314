"""Complaints and bad ratings come before everything that is worth money."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.complaint.service import OPEN_STATES, SEVERE
from ..value.customer_value_next_action import NextAction, Words
from ..value.customer_value_next_step import TALK_DAYS_KNOWN

# What may be lost with a customer who is angry.
AT_STAKE = "GREATEST(0, COALESCE(v.margin_12m, v.revenue_12m))"


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "complaint": NextAction(
                self.env._("Severe complaint"), type(self)._complaint_action_sql, type(self)._complaint_words,
                button="step", opens=self.env._("Open Complaint"), step=type(self)._step_of_complaint, is_first=True,
                is_talk=False, outcome="settled", days=14, rest=7,
            ),
            "rating": NextAction(
                self.env._("Bad rating"), type(self)._rating_action_sql, type(self)._rating_words,
                step=type(self)._step_of_rating, is_first=True, is_talk=False, outcome="settled", days=14, rest=30,
            ),
        }

    @api.model
    def _complaint_action_sql(self, asked):
        return SQL(
            """SELECT c.commercial_partner_id AS partner_id, MAX(%(stake)s) AS worth,
                      MIN(c.date_received)::date AS since, NULL::int AS res_id,
                      jsonb_build_object('day', MIN(c.date_received)::date) AS facts
                 FROM customer_complaint c
                 LEFT JOIN customer_value v ON v.company_id = c.company_id AND v.partner_id = c.commercial_partner_id
                WHERE c.company_id = %(company)s AND c.active AND c.merged_into_id IS NULL
                  AND c.severity = ANY(%(severe)s) AND c.state = ANY(%(open)s) AND %(customers)s
                GROUP BY c.commercial_partner_id""",
            stake=SQL(AT_STAKE), company=asked.company_id, severe=list(SEVERE), open=list(OPEN_STATES),
            customers=asked.of(SQL("c.commercial_partner_id")),
        )

    @api.model
    def _rating_action_sql(self, asked):
        """By the latest rating, until somebody of us is in touch."""
        return SQL(
            """SELECT latest.partner_id, %(stake)s AS worth, latest.day AS since, NULL::int AS res_id,
                      jsonb_build_object('rating', latest.rating, 'day', latest.day) AS facts
                 FROM (SELECT DISTINCT ON (c.commercial_partner_id) c.commercial_partner_id AS partner_id, c.company_id,
                              r.rating, r.rated_on::date AS day
                         FROM rating_rating r
                         JOIN customer_complaint c ON c.id = r.res_id
                        WHERE r.res_model = 'customer.complaint' AND r.consumed AND r.rated_on::date >= %(since)s
                          AND c.company_id = %(company)s AND %(customers)s
                        ORDER BY c.commercial_partner_id, r.rated_on DESC, r.id DESC) latest
                 JOIN res_company company ON company.id = latest.company_id
                 LEFT JOIN customer_value v
                   ON v.company_id = latest.company_id AND v.partner_id = latest.partner_id
                WHERE latest.rating <= company.complaint_bad_rating
                  AND (v.last_contact_by_us IS NULL OR v.last_contact_by_us < latest.day)""",
            stake=SQL(AT_STAKE), company=asked.company_id, since=asked.day - timedelta(days=TALK_DAYS_KNOWN),
            customers=asked.of(SQL("c.commercial_partner_id")),
        )

    @api.model
    def _complaint_words(self, facts):
        return Words(
            self.env._("A severe complaint has been open since %s.", self._fact_day(facts, "day")),
            self.env._("Say that you know of it, and by when they will hear from us. Sell nothing until it is solved."),
            self.env._("What the customer brought in the period."),
        )

    @api.model
    def _rating_words(self, facts):
        return Words(
            self.env._("Rated %(rating)s of 5 on %(day)s, and nobody of us was in touch since.",
                       rating=f"{facts['rating']:g}", day=self._fact_day(facts, "day")),
            self.env._("Ask what went wrong and what would have been right. Promise only what you can keep."),
            self.env._("What the customer brought in the period."),
        )
