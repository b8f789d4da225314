"""An effort to keep a customer or to win one back that nobody followed up."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.rescue.results import RESULT_DAYS
from ..value.customer_value_next_action import NextAction, Words


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "keep": NextAction(
                self.env._("Keep"), type(self)._keep_action_sql, type(self)._keep_words, outcome="settled", days=14,
                rest=30,
            ),
            "win_back": NextAction(
                self.env._("Win Back"), type(self)._win_back_action_sql, type(self)._win_back_words,
                button="record", opens=self.env._("Open Opportunity"), model="crm.lead", outcome="settled", days=14,
                rest=30,
            ),
        }

    @api.model
    def _rescues_sql(self, asked, kind):
        """Of the latest effort, until the customer bought or somebody of us was in touch; of colleagues, nothing."""
        return SQL(
            """SELECT latest.partner_id, latest.worth, latest.date AS since, lead.id AS res_id,
                      jsonb_build_object('day', latest.date, 'reason', latest.reason) AS facts
                 FROM (SELECT DISTINCT ON (r.commercial_partner_id) r.id, r.commercial_partner_id AS partner_id,
                              r.company_id, r.kind, r.state, r.user_id, r.worth, r.date, r.reason, r.bought_on
                         FROM customer_rescue r
                        WHERE r.company_id = %(company)s AND r.date >= %(since)s AND %(customers)s
                        ORDER BY r.commercial_partner_id, r.date DESC, r.id DESC) latest
                 JOIN res_partner customer ON customer.id = latest.partner_id
                 LEFT JOIN customer_value v
                   ON v.company_id = latest.company_id AND v.partner_id = latest.partner_id
                 LEFT JOIN LATERAL (
                      SELECT l.id, l.active AND l.won_status = 'pending' AS is_open FROM crm_lead l
                       WHERE l.rescue_id = latest.id ORDER BY l.id LIMIT 1) lead ON TRUE
                WHERE latest.kind = %(kind)s AND latest.state = 'done' AND latest.bought_on IS NULL
                  AND COALESCE(lead.is_open, TRUE)
                  AND (latest.user_id IS NULL OR latest.user_id = customer.user_id)
                  AND (v.last_contact_by_us IS NULL OR v.last_contact_by_us < latest.date)""",
            company=asked.company_id, since=asked.day - timedelta(days=RESULT_DAYS), kind=kind,
            customers=asked.of(SQL("r.commercial_partner_id")),
        )

    @api.model
    def _keep_action_sql(self, asked):
        return self._rescues_sql(asked, "keep")

    @api.model
    def _win_back_action_sql(self, asked):
        return self._rescues_sql(asked, "win_back")

    @api.model
    def _keep_words(self, facts):
        return Words(
            self.env._("An effort to keep them began on %s, and nobody of us was in touch since.",
                       self._fact_day(facts, "day")),
            self.env["customer.rescue"]._action_text(facts["reason"], "keep"),
            self.env._("Money at risk when the effort began."),
        )

    @api.model
    def _win_back_words(self, facts):
        return Words(
            self.env._("An effort to win them back began on %s, and nobody of us was in touch since.",
                       self._fact_day(facts, "day")),
            self.env["customer.rescue"]._action_text(facts["reason"], "win_back"),
            self.env._("What they brought in a year, times the chance of winning them back, or what is expected of "
                       "them without an effort."),
        )
