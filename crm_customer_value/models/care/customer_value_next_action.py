"""A relationship that broke, and the promise of a care level that was not kept."""

from odoo import api, models
from odoo.tools import SQL

from ...engine.complaint.service import OPEN_STATES, SEVERE
from ..satisfaction.customer_value_next_action import AT_STAKE
from ..value.customer_value_next_action import NextAction, Words


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "broken": NextAction(
                self.env._("Relationship broken"), type(self)._broken_action_sql, type(self)._broken_words,
                step=type(self)._step_of_broken, is_first=True, is_talk=False, outcome="settled", days=30, rest=7,
            ),
            "promise": NextAction(
                self.env._("Promise not kept"), type(self)._promise_action_sql, type(self)._promise_words,
                outcome="settled", days=14, rest=7,
            ),
        }

    @api.model
    def _broken_action_sql(self, asked):
        """Where somebody said so: a severe complaint is a kind of its own."""
        return SQL(
            """SELECT p.id AS partner_id, %(stake)s AS worth, p.relationship_broken_on AS since, NULL::int AS res_id,
                      jsonb_build_object('day', p.relationship_broken_on) AS facts
                 FROM customer_value v
                 JOIN res_partner p ON p.id = v.partner_id
                WHERE v.company_id = %(company)s AND p.relationship_broken_on IS NOT NULL AND %(customers)s
                  AND NOT EXISTS (SELECT 1 FROM customer_complaint c
                                   WHERE c.company_id = v.company_id AND c.commercial_partner_id = p.id AND c.active
                                     AND c.merged_into_id IS NULL AND c.severity = ANY(%(severe)s)
                                     AND c.state = ANY(%(open)s))""",
            stake=SQL(AT_STAKE), company=asked.company_id, customers=asked.of(SQL("p.id")), severe=list(SEVERE),
            open=list(OPEN_STATES),
        )

    @api.model
    def _promise_action_sql(self, asked):
        return asked.values(
            SQL("v.care_level_id IS NOT NULL AND v.care_due_on < %s", asked.day), SQL("v.value_at_risk"),
            SQL("v.care_due_on"), SQL("jsonb_build_object('level', v.care_level_id, 'day', v.care_due_on)"),
        )

    @api.model
    def _broken_words(self, facts):
        return Words(
            self.env._(
                "The relationship has been broken since %s. The contact says why.", self._fact_day(facts, "day")
            ),
            self.env._("Listen first. Say what will be different from now on, and who sees to it."),
            self.env._("What the customer brought in the period."),
        )

    @api.model
    def _promise_words(self, facts):
        # sudo: everybody who sells may know which level a customer has.
        level = self.env["customer.care.level"].sudo().browse(facts["level"]).exists()
        return Words(
            self.env._("We promised customers of the level “%(level)s” to be in touch. It was due on %(day)s.",
                       level=level.name or "", day=self._fact_day(facts, "day")),
            self.env._("Ask how they are doing with what they bought, and what is coming up for them."),
            self.env._("Money at risk: what the customer brought in the period, times the risk of loss."),
        )
