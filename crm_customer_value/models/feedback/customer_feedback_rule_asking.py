"""Whom the rules ask now, and whom not and why."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import SQL

from ...engine.feedback import asking, occasions

_logger = logging.getLogger(__name__)

# What is due longer is not asked any more: nobody remembers. So long may the scheduled action be down.
DUE_DAYS = 14
# What a preview looks back on.
PREVIEW_DAYS = 30
CLASSES = {"a": ("a",), "b": ("a", "b"), "c": ("a", "b", "c")}


class CustomerFeedbackRule(models.Model):
    _inherit = "customer.feedback.rule"

    @api.model
    def _cron_feedback(self):
        """Ask whoever is to be asked now, and close what was not answered in time."""
        requests = self.env["customer.feedback"]
        requests._expire()
        self._make_requests()
        self.env["ir.cron"]._commit_progress(remaining=requests.search_count([("state", "=", "waiting")]))
        requests._send_waiting()

    @api.model
    def _make_requests(self):
        """Make the requests that are due, by all rules that are on; return how many.

        Two who do so at once are told apart: the second one leaves, or is made to start again by the database.
        """
        rules = self.search([("company_id.active", "=", True)])
        try:
            rules.lock_for_update(allow_referencing=True)
        except LockError:
            _logger.info("Somebody else is asking customers now")
            return 0
        now = fields.Datetime.now()
        rules.date_checked = now
        self.env.flush_all()
        made = 0
        for company, mine in rules.grouped("company_id").items():
            questions = [
                rule._question(max(rule.date_active, now - timedelta(days=rule._delay() + DUE_DAYS)), now)
                for rule in mine
            ]
            made += len(self.env.execute_query(asking.ask_sql(
                company.id, questions, now, now - timedelta(days=company.feedback_pause_days),
                self.env["customer.feedback"]._customer_columns(),
            )))
        self.env["customer.feedback"].invalidate_model()
        return made

    def _delay(self):
        """Return how many days after the occasion is asked (one record)."""
        return 0 if self.trigger == "period" else self.delay_days

    def _question(self, since, now):
        """Return this rule for the queries (one record).

        :param datetime since: what happened before is left out
        """
        period = occasions.Period(
            self.company_id.id, since, now - timedelta(days=self._delay()),
            self.env["customer.value.policy"]._get_active(self.company_id).tz,
        )
        return asking.Question(
            self.id, self._occasions_sql(period), self._filters_sql(), {"scale": self.scale, "about": self.about},
        )

    def _occasions_sql(self, period):
        """Return the SQL of what this rule (one) asks about, in the columns of ``occasions.COLUMNS``.

        Extension point for triggers of other addons.

        :param occasions.Period period: when it happened
        """
        if self.trigger == "order":
            return occasions.orders_sql(period)
        if self.trigger == "complaint":
            return occasions.complaints_sql(period)
        if self.trigger == "stage":
            return occasions.stages_sql(period, self.stage_ids.ids)
        if self.trigger == "period":
            # The day after: those whose first day is the one on which it was switched on are not left out.
            start = (self.date_active or period.since) + timedelta(days=1)
            return occasions.periods_sql(period, self.months, start.date())
        return occasions.payments_sql(period)

    def _filters_sql(self):
        """Return the SQL condition of whom this rule (one) asks, over ``asked``, ``partner`` and ``value``."""
        conditions = [SQL("TRUE")]
        if self.stage_ids and self.trigger != "stage":
            conditions.append(SQL("value.lifecycle_stage_id = ANY(%s)", self.stage_ids.ids))
        if self.value_class:
            conditions.append(SQL("value.value_class = ANY(%s)", list(CLASSES[self.value_class])))
        if self.team_ids:
            conditions.append(SQL("asked.team_id = ANY(%s)", self.team_ids.ids))
        if self.country_ids:
            conditions.append(SQL("partner.country_id = ANY(%s)", self.country_ids.ids))
        if self.categ_ids:
            categories = self.env["product.category"].search([("id", "child_of", self.categ_ids.ids)])
            conditions.append(SQL(
                """asked.product_id IN (SELECT product.id FROM product_product product
                                          JOIN product_template template ON template.id = product.product_tmpl_id
                                         WHERE template.categ_id = ANY(%s))""",
                categories.ids,
            ))
        return SQL(" AND ").join(conditions)

    def _preview_rows(self):
        """Return what this rule (one) would have done in the last :data:`PREVIEW_DAYS` days, had it been on.

        :return: [(contact id, reason or None)] for each thing that happened, in its order; a contact who would have
            been asked shortly before is not asked again
        """
        self.ensure_one()
        now = fields.Datetime.now()
        pause = timedelta(days=self.company_id.feedback_pause_days)
        delay = timedelta(days=self._delay())
        # sudo: it counts, as the scheduled action does, whatever the user may see of single customers.
        rule = self.sudo()
        rule.env.flush_all()
        question = rule._question(now - delay - timedelta(days=PREVIEW_DAYS), now)
        rows, last = [], {}
        for partner_id, email, happened, reason in rule.env.execute_query(SQL(
            "SELECT partner_id, email, happened, reason FROM (%s) judged ORDER BY happened, occasion",
            asking.judged_sql(rule.company_id.id, [question], now - pause, {}),
        )):
            if not reason and email in last and happened - last[email] < pause:
                reason = "lately"
            elif not reason:
                last[email] = happened
            rows.append((partner_id, reason))
        return rows
