"""What a rule does at night: find who is due, note it, and work it off."""

import logging
from contextlib import suppress
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.tools import SQL

from ...engine.care import held_out, planning
from ...engine.value.pipeline import session_lock

_logger = logging.getLogger(__name__)

# First key of the advisory locks: one night of care per company at a time.
LOCK_CLASS = 0x43415245
# Acts of one transaction.
BATCH = 50


class Undo(Exception):
    """Takes back what a preview noted."""


class CustomerCareRule(models.Model):
    _inherit = "customer.care.rule"

    @api.model
    def _cron_care(self, as_of=None):
        """Do what the rules ask for on a day: of each company its own day, by default; once a day and rule.

        What was due while nothing ran is done as well, as far back as each rule says (``late_days``). Killed in the
        middle, the next call goes on: what is to be done is noted first, and noted as done in the transaction in which
        it is done. Of two at once, the second leaves a company alone that the first one is at.

        :param date as_of: another day than today; then every rule looks again who is due
        """
        for company in self.env["res.company"].search([("active", "=", True)]):
            with session_lock(self.env.cr, company.id, LOCK_CLASS) as free:
                if not free:
                    _logger.info("Care for the customers of %s: another process is at it", company.name)
                elif not self._care_for(company, as_of):
                    return

    @api.model
    def _care_for(self, company, as_of):
        """Do what the rules of a company ask for; return whether there was time for all of it."""
        rules = self.with_context(active_test=False).search([("company_id", "=", company.id)])
        if not rules:
            return True
        day = as_of or self._today(company)
        rules = rules.with_env(self.env).filtered(
            lambda rule: rule.active and (as_of or not rule.date_done or rule.date_done < day)
        )
        logs = self.env["customer.care.log"]
        logs._leave_switched_off(company)
        for position, rule in enumerate(rules):
            if rule._problem() or not rule._try_note(day):
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(rules) - position):
                return False
            if not logs._work_off(rule, day):
                return False
            rule.date_done = day
        logs._note_results(company, day)
        return bool(self.env["ir.cron"]._commit_progress(0, remaining=0))

    def _try_note(self, day):
        """Note who is due; what goes wrong stops this rule (one) only. Return whether it went well."""
        try:
            with self.env.cr.savepoint():
                self._note(day)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            _logger.warning("Care rule %s failed", self.id, exc_info=True)
            self.failure = self.env._("Last night this rule failed: %s", error)
            return False
        return True

    def _note(self, day, *, last=None, is_preview=False):
        """Note for whom care is due by this rule (one) on a day; return the ids of what was noted.

        :param date last: up to which day, for those who look ahead
        :param bool is_preview: note also who is asked about again tomorrow
        """
        last = last or day
        self.env.flush_all()
        first = day - timedelta(days=self.late_days)
        # What is switched on tomorrow does not look further back than today, either.
        first = max(first, self.date_on or self._today(self.company_id))
        plan = planning.Plan(
            rule_id=self.id,
            company_id=self.company_id.id,
            uid=self.user_id.id,
            day=day,
            last=last,
            label=self.with_context(lang=self.user_id.lang)._trigger_label(),
            first=first,
            last_chance=last if is_preview else day - timedelta(days=self.late_days),
            chosen=self._chosen_sql(),
            months=self._months(),
            is_promotion=self.kind == "promotion",
            is_mail=self.action == "mail",
            quiet_days=self.quiet_days,
            held_out=self._held_out_share(),
        )
        rows = self.env.execute_query(planning.note_sql(plan, self._occasions_sql(first, last)))
        self.env["customer.care.log"].invalidate_model(flush=False)
        return [row[0] for row in rows]

    def _held_out_share(self):
        """Return which share of the customers this rule (one) does not reach, so that its effect can be measured."""
        if self.trigger == "complaint_closed":
            return 0.0
        [(customers,)] = self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM (SELECT 1 FROM customer_value WHERE company_id = %s LIMIT %s) AS counted",
            self.company_id.id, held_out.FEWEST_CUSTOMERS,
        ))
        return self.company_id.care_held_out / 100 if customers >= held_out.FEWEST_CUSTOMERS else 0.0

    def _preview(self, first, last):
        """Return what these rules would do on some days, in the order in which they would do it.

        The rules note it as at night, and it is taken back.

        :return: [(rule id, contact id, customer id, name, day, state, obstacle)]
        """
        rows = []
        with suppress(Undo), self.env.cr.savepoint():
            noted = []
            for rule in self.sorted(lambda rule: (rule.sequence, rule.id)):
                if not rule._problem():
                    noted += rule._note(first, last=last, is_preview=True)
            rows = self.env.execute_query(SQL(
                """SELECT rule_id, partner_id, commercial_partner_id, name, date_due, state, obstacle
                     FROM customer_care_log WHERE id = ANY(%s) ORDER BY date_due, id""",
                noted,
            ))
            raise Undo
        self.env["customer.care.log"].invalidate_model(flush=False)
        return rows

    def action_preview(self):
        """Show who would be cared for tomorrow by these rules and those that are switched on, and who not and why."""
        self.check_access("write")
        company = self.company_id[:1] or self.env.company
        preview = self.env["customer.care.preview"].create({"company_id": company.id})
        preview._fill(self)
        return preview._action_open()
