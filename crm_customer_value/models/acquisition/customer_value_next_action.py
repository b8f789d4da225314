"""A lead of high value that nobody has touched."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..value.customer_value_next_action import NextAction, Words

# Of the open leads of a team, one of so many is of high value.
BEST_OF = 5
# A lead was left alone when nobody of us wrote, moved it, or planned anything for so long.
ALONE_DAYS = 3


class CustomerValue(models.Model):
    _inherit = "customer.value"

    @api.model
    def _next_actions(self):
        return super()._next_actions() | {
            "lead": NextAction(
                self.env._("Lead of high value"), type(self)._lead_action_sql, type(self)._lead_words,
                button="record", opens=self.env._("Open Lead"), model="crm.lead", of_leads=True, is_talk=False,
                outcome="settled", days=14, rest=14,
            ),
        }

    @api.model
    def _lead_action_sql(self, asked):
        """By value times probability, among the leads of the same team. Customers have other reasons to be called."""
        return SQL(
            """SELECT NULL::int AS partner_id, best.worth, touched.day AS since, best.id AS res_id,
                      jsonb_build_object('name', best.name, 'day', touched.day) AS facts
                 FROM (SELECT l.id, l.name, l.user_id, l.create_date, l.date_last_stage_update,
                              l.estimated_value * l.probability / 100 AS worth,
                              COUNT(*) OVER (PARTITION BY l.team_id) AS number,
                              ROW_NUMBER() OVER (PARTITION BY l.team_id
                                  ORDER BY l.estimated_value * l.probability DESC, l.id) AS place
                         FROM crm_lead l
                         LEFT JOIN res_users u ON u.id = l.user_id
                        WHERE COALESCE(l.company_id, u.company_id) = %(company)s AND l.active
                          AND l.won_status = 'pending' AND l.estimated_value > 0) best
                CROSS JOIN LATERAL (
                      SELECT GREATEST(best.create_date, best.date_last_stage_update, MAX(m.date))::date AS day
                        FROM mail_message m
                        JOIN res_users author ON author.partner_id = m.author_id AND NOT author.share
                       WHERE m.model = 'crm.lead' AND m.res_id = best.id AND m.message_type IN ('comment', 'email')
                      ) touched
                WHERE best.user_id IS NOT NULL AND best.place <= CEIL(best.number / %(best)s::numeric)
                  AND touched.day <= %(last)s
                  AND NOT EXISTS (SELECT 1 FROM mail_activity a
                                   WHERE a.res_model = 'crm.lead' AND a.res_id = best.id AND a.active)""",
            company=asked.company_id, best=BEST_OF, last=asked.day - timedelta(days=ALONE_DAYS),
        )

    @api.model
    def _lead_words(self, facts):
        return Words(
            self.env._("“%(name)s” is one of the best leads of the team, and nobody touched it since %(day)s.",
                       name=facts["name"], day=self._fact_day(facts, "day")),
            self.env._("Thank them for their interest, ask what they want to reach, and agree on the next step."),
            self.env._("What customers alike brought in their first year, times the probability."),
        )
