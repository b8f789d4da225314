"""What customers read of the goals agreed with them, and goals that they propose."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .customer_benefit_people import person_responsible
from .statement_texts import day_text, number_text, quantity_text

PROPOSED_ACTIVITY = "crm_customer_value.mail_activity_type_goal_proposed"
# The last days before the day of a goal are measured when they are over.
DAYS_TO_MEASURE = 92


class CustomerBenefitGoal(models.Model):
    _name = "customer.benefit.goal"
    _inherit = ["customer.benefit.goal", "customer.sent.mixin"]

    _unique_portal_key = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL", "This goal has been sent already."
    )

    @api.model
    def _customer_domain(self, family, company):
        """Return which goals a customer reads."""
        return (
            Domain("commercial_partner_id", "=", family.id)
            & Domain("company_id", "=", company.id)
            & Domain("active", "=", True)
        )

    def _customer_open(self):
        """Tell whether the customer may add figures for a goal (one record)."""
        today = fields.Date.context_today(self)
        return (
            self.active
            and self.metric_id.active
            and not self.is_proposal
            and self.date_target >= today - timedelta(days=DAYS_TO_MEASURE)
        )

    def _customer_record_of(self, first, last):
        """Return the record of the same metric and product that has some of these days (one goal), or nothing."""
        return self.env["customer.benefit.record"].search([
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("metric_id", "=", self.metric_id.id),
            ("product_id", "=", self.product_id.id),
            ("date_from", "<=", last),
            ("date_to", ">=", first),
        ], limit=1)

    def _customer_next_month(self):
        """Return first and last day of the month to measure next (one goal): that after the latest record.

        The month before this one at the latest, as this one is not over.
        """
        month = relativedelta(months=1)
        latest = fields.Date.context_today(self).replace(day=1) - month
        record = self.env["customer.benefit.record"].search([
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("metric_id", "=", self.metric_id.id),
            ("product_id", "=", self.product_id.id),
        ], order="date_to desc", limit=1)
        first = latest
        if record:
            first = min(latest, (record.date_to + timedelta(days=1)).replace(day=1))
        return first, first + month - timedelta(days=1)

    @api.model
    def _customer_metrics(self, family, company):
        """Return the metrics that a customer chooses from, as superuser: those of their industry and of all."""
        return self.env["customer.benefit.metric"].search([
            ("active", "=", True),
            ("company_id", "in", [False, company.id]),
            "|", ("industry_ids", "=", False), ("industry_ids", "in", family.industry_id.ids),
        ])

    @api.model
    def _customer_taken(self, family, company):
        """Return the metrics for which a customer has a goal, or has proposed one."""
        today = fields.Date.context_today(self)
        goals = self.search(self._customer_domain(family, company) & Domain("date_target", ">=", today))
        return goals.metric_id

    def _customer_values(self):
        """Return what a customer reads of each of these, in their order; to be called as superuser.

        Nothing else of a goal is for them: not who of us is responsible, nor our plan.
        """
        labels = self._customer_states()
        return [
            {
                "id": goal.id,
                "metric": goal.metric_id.name,
                "unit": goal.metric_id.unit,
                "product": goal.product_id.name or "",
                "baseline": quantity_text(self.env, goal.baseline, goal.metric_id.unit),
                "target": quantity_text(self.env, goal.target, goal.metric_id.unit),
                "now": quantity_text(self.env, goal.latest_value, goal.metric_id.unit),
                "until": day_text(self.env, goal.date_latest),
                "by_when": day_text(self.env, goal.date_target),
                "progress": None if goal.progress is False else min(max(round(goal.progress), 0), 100),
                "progress_text": "" if goal.progress is False else f"{number_text(self.env, round(goal.progress))} %",
                "state": goal.state,
                "state_text": labels[goal.state],
                "is_open": goal._customer_open(),
            }
            for goal in self
        ]

    @api.model
    def _customer_states(self):
        """Return how customers read the states of goals."""
        return {
            "proposed": self.env._("Proposed by you"),
            "not_measured": self.env._("Not measured yet"),
            "on_track": self.env._("On track"),
            "behind": self.env._("Behind"),
            "reached": self.env._("Reached"),
            "missed": self.env._("Not reached in time"),
        }

    @api.model
    def _propose_by_customer(self, partner, company, values, words, key):
        """Keep a goal that a customer proposes, and ask somebody of us to accept it; to be called as superuser.

        :param values: metric_id, baseline, target and date_target, each of them checked
        :param words: what the customer says about it, maybe nothing
        :param key: the form's own mark
        :return: the goal, or none when this form was sent before
        """
        user = person_responsible(self.env["res.users"], partner, company)
        goal = self.with_context(mail_create_nosubscribe=True)._send_once({
            **values,
            "company_id": company.id,
            "partner_id": partner.id,
            "user_id": user.id,
            "is_proposal": True,
            "state": "proposed",
        }, key)
        if goal and user:
            env = goal.with_context(lang=user.lang).env
            goal.activity_schedule(
                PROPOSED_ACTIVITY,
                user_id=user.id,
                summary=env._("Answer a goal that %(customer)s proposes", customer=goal.commercial_partner_id.name),
                note=plaintext2html(words) if words else False,
            )
        return goal

    def write(self, vals):
        """Let go of the activity that asks for an answer once there is one."""
        answered = {"is_proposal", "active"}.intersection(name for name, value in vals.items() if not value)
        proposals = self.filtered("is_proposal") if answered else self.browse()
        result = super().write(vals)
        # sudo: the activity may be somebody else's.
        proposals.sudo().activity_unlink([PROPOSED_ACTIVITY])
        return result
