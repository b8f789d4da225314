"""Who is told, and who takes over, when a deadline comes near or is missed."""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ...engine.deadline import clock as clocks
from ...engine.deadline.working_time import to_seconds
from ..base.number_fields import Integer
from .customer_deadline_mixin import WorkingTimes

_logger = logging.getLogger(__name__)

BATCH = 50
# What went wrong once is tried again later, so that it does not keep others waiting.
POSTPONED = timedelta(hours=1)


class CustomerDeadlineMixin(models.AbstractModel):
    _inherit = "customer.deadline.mixin"

    escalation_level = Integer(default=0, readonly=True, copy=False, aggregator="max")

    @api.model
    def _cron_escalate(self):
        """Do what the clocks have due, and come back when the next one has.

        A run that is ended in the middle goes on with the next; what another one is doing is left to it.
        """
        cron, remaining = self.env["ir.cron"], self._count_due_clocks()
        cron._commit_progress(remaining=remaining)
        while remaining:
            done = self._process_due_clocks(BATCH)
            if not done:
                break
            remaining = self._count_due_clocks()
            if not cron._commit_progress(done, remaining=remaining):
                return
        self._wake_clock(self._next_clock_check())

    @api.model
    def _process_due_clocks(self, limit=None):
        """Bring what is due in order, first come first served; return how many records that were."""
        now = fields.Datetime.now()
        # sudo: the scheduled action serves all companies.
        records = self.sudo().with_context(active_test=False)
        due = records.search([("clock_check_at", "<=", now)], order="clock_check_at, id", limit=limit)
        # Archived people and rules are left out again.
        locked = self.sudo().browse(due.try_lock_for_update().ids)
        times = WorkingTimes()
        for record in locked:
            try:
                with self.env.cr.savepoint():
                    record._process_due_clock(now, times)
            except OperationalError:
                # Nothing is wrong with the record: another transaction was faster, or the connection is gone.
                raise
            except Exception:
                _logger.exception("The clock of %s failed; it is tried again in an hour", record)
                record.clock_check_at = now + POSTPONED
        return len(locked)

    @api.model
    def _count_due_clocks(self):
        """Return how many records have something due, counting no further than a few batches."""
        # sudo: as above.
        return self.sudo().with_context(active_test=False).search_count(
            [("clock_check_at", "<=", fields.Datetime.now())], limit=10 * BATCH
        )

    def _process_due_clock(self, now, times):
        """Set what the clock says now, and escalate what is due, in order (one record)."""
        again, chosen = self.clock_rechoose, None
        if again:
            chosen = self._match_deadline_rules()[self]
        self._write_clock(self._prepare_clock(now, times, chosen, again))
        due = [pair for pair in self._due_levels(times) if pair[0] <= now]
        for moment, level in sorted(due, key=lambda pair: (pair[0], pair[1].level)):
            self._escalate(level, moment)
        if due:
            # What has been told is no longer due.
            self._write_clock(self._prepare_clock(now, times))

    def _levels_ahead(self, rule, round_number, kinds):
        """Return the levels of a rule for these kinds of deadlines that a round has not reached (one record)."""
        levels = rule.level_ids.filtered(lambda level: level.deadline in kinds)
        if not levels:
            return levels
        reached = {
            (escalation.deadline_kind, escalation.level)
            for escalation in self.escalation_ids
            if escalation.round == round_number
        }
        return levels.filtered(lambda level: (level.deadline, level.level) not in reached)

    @api.model
    def _clock_level(self, level):
        """Return a level of a rule, for the clock."""
        return clocks.Level(level.deadline, to_seconds(level.hours))

    def _due_levels(self, times):
        """Return when which levels that were not reached yet are due: pairs of moment and level (one record)."""
        promise, course = self._promise(self.sla_id, self._promised_hours()), self._clock_course()
        deadlines, time = clocks.running_deadlines(self._clock(), promise, course), self._clock_time(times)
        dues = (
            (clocks.level_due(self._clock_level(level), deadlines, course.begun, time), level)
            for level in self._levels_ahead(self.sla_id, self.clock_round, deadlines)
        )
        return [(moment, level) for moment, level in dues if moment]

    def _escalate(self, level, due):
        """Tell people, and let one of them take over (one record)."""
        users, taker = level._get_told_users(self), level._get_taker(self)
        self.escalation_ids = [fields.Command.create({
            "round": self.clock_round,
            "level": level.level,
            "level_id": level.id,
            "deadline_kind": level.deadline,
            "due": due,
            "user_ids": [fields.Command.set(users.ids)],
            "user_id": taker.id,
        })]
        values = {"escalation_level": max(self.escalation_level, level.level)}
        if taker and taker != self.user_id:
            values["user_id"] = taker.id
        # The message below says more than "you have been assigned".
        self.with_context(mail_auto_subscribe_no_notify=True).write(values)
        self._post_escalation(level, users, taker)

    def _post_escalation(self, level, users, taker):
        """Leave an internal note for those who are told, in the language of each."""
        author = self.env.ref("base.partner_root")
        for lang, some in (users.grouped("lang") or {self.env.company.partner_id.lang: users}).items():
            record = self.with_context(lang=lang or "en_US")
            record.message_post(
                author_id=author.id,
                body=record._get_escalation_text(level.with_env(record.env), taker),
                partner_ids=some.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _get_escalation_text(self, level, taker):
        """Return what those who are told read (one record)."""
        kind = dict(level._fields["deadline"]._description_selection(self.env))[level.deadline]
        deadline = self[f"{level.deadline}_deadline"]
        # In the time zone the deadline was counted in: a note may have many readers.
        zone = self.clock_calendar_id.tz or "UTC"
        date = f"{format_datetime(self.env, deadline, tz=zone, dt_format='short')} ({zone})"
        values = {"level": level.level, "kind": kind, "deadline": date}
        if deadline < fields.Datetime.now():
            text = self.env._(
                "Escalation, level %(level)s: the deadline “%(kind)s” was missed. It was %(deadline)s.", **values
            )
        else:
            text = self.env._(
                "Escalation, level %(level)s: the deadline “%(kind)s” is near. It is %(deadline)s.", **values
            )
        if taker:
            text += " " + self.env._("%(user)s is now responsible.", user=taker.name)
        return text

    @api.model
    def _next_clock_check(self):
        """Return when the next record has something due, or None."""
        self.flush_model(["clock_check_at"])
        [[moment]] = self.env.execute_query(SQL(
            "SELECT MIN(clock_check_at) FROM %s WHERE clock_check_at IS NOT NULL", SQL.identifier(self._table)
        ))
        return moment

    def _trigger_clock(self):
        """Have the scheduled action run when the first of these records has something due.

        Nothing to do when others are due before: that run sees to the next.
        """
        mine = min((record.clock_check_at for record in self if record.clock_check_at), default=None)
        if not mine:
            return
        # sudo: when the action has to run next does not depend on whose records one may see.
        others = self.sudo().with_context(active_test=False).search_count(
            [("clock_check_at", "<=", mine), ("id", "not in", self.ids)], limit=1
        )
        if not others:
            self._wake_clock(mine)

    @api.model
    def _wake_clock(self, moment):
        """Have the scheduled action run at a moment, if there is one and nobody deleted the action."""
        cron = moment and self._clock_cron and self.env.ref(self._clock_cron, raise_if_not_found=False)
        if cron:
            # sudo: everybody who changes a record sets its clock.
            cron.sudo()._trigger(max(moment, fields.Datetime.now()))
