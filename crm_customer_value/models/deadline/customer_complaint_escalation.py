"""Who is told, and who takes over, when a deadline comes near or is missed."""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..base.number_fields import Integer
from .customer_complaint_clock import SECOND, WorkingTimes

_logger = logging.getLogger(__name__)

CLOCK_CRON = "crm_customer_value.ir_cron_customer_complaint_clock"
BATCH = 50
# What went wrong once is tried again later, so that it does not keep others waiting.
POSTPONED = timedelta(hours=1)


class CustomerComplaintEscalation(models.Model):
    """A level of escalation that a complaint reached: each once, whatever happens."""

    _name = "customer.complaint.escalation"
    _description = "Complaint Escalation"
    _order = "date desc, id desc"
    _log_access = False

    complaint_id = fields.Many2one("customer.complaint", required=True, index=True, ondelete="cascade")
    round = Integer(required=True, help="How often the complaint had been reopened.")
    level = Integer(required=True)
    level_id = fields.Many2one("customer.complaint.sla.level", string="By", ondelete="set null", index="btree_not_null")
    deadline_kind = fields.Selection(
        [("acknowledge", "Acknowledge"), ("resolve", "Resolve")], string="Deadline", required=True
    )
    due = fields.Datetime(required=True)
    date = fields.Datetime("Escalated", required=True, default=fields.Datetime.now)
    user_ids = fields.Many2many("res.users", string="Notified")
    user_id = fields.Many2one("res.users", string="Reassigned to", ondelete="set null")

    _once = models.Constraint(
        "UNIQUE (complaint_id, round, deadline_kind, level)", "This level of escalation was already reached."
    )


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    escalation_level = Integer(default=0, readonly=True, copy=False, aggregator="max")
    escalation_ids = fields.One2many("customer.complaint.escalation", "complaint_id", string="Escalations")

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
        """Bring what is due in order, first come first served; return how many complaints that were."""
        now = fields.Datetime.now()
        # sudo: the scheduled action serves all companies.
        complaints = self.sudo().with_context(active_test=False)
        due = complaints.search([("clock_check_at", "<=", now)], order="clock_check_at, id", limit=limit)
        # Archived people and rules are left out again.
        locked = self.sudo().browse(due.try_lock_for_update().ids)
        times = WorkingTimes()
        for complaint in locked:
            try:
                with self.env.cr.savepoint():
                    complaint._process_due_clock(now, times)
            except OperationalError:
                # Nothing is wrong with the complaint: another transaction was faster, or the connection is gone.
                raise
            except Exception:
                _logger.exception("The clock of complaint %s failed; it is tried again in an hour", complaint.id)
                complaint.clock_check_at = now + POSTPONED
        return len(locked)

    @api.model
    def _count_due_clocks(self):
        """Return how many complaints have something due, counting no further than a few batches."""
        # sudo: as above.
        return self.sudo().with_context(active_test=False).search_count(
            [("clock_check_at", "<=", fields.Datetime.now())], limit=10 * BATCH
        )

    def _process_due_clock(self, now, times):
        """Set what the clock says now, and escalate what is due, in order (one record)."""
        again, chosen = self.clock_rechoose, None
        if again:
            chosen = self.env["customer.complaint.sla"]._match_complaints(self)[self]
        self._write_clock(self._prepare_clock(now, times, chosen, again))
        time = times[self.clock_calendar_id.with_company(self.company_id)]
        due = [pair for pair in self._due_levels_now(time) if pair[0] <= now]
        for moment, level in sorted(due, key=lambda pair: (pair[0], pair[1].level)):
            self._escalate(level, moment)
        if due:
            # What has been told is no longer due.
            self._write_clock(self._prepare_clock(now, times))

    def _due_levels_now(self, time):
        """Return the levels still to come, with their moments (one record)."""
        if self.clock_state != "running":
            return []
        moments = {}
        if self.state == "received" and not self.date_acknowledged and self.acknowledge_deadline:
            moments["acknowledge"] = self.acknowledge_deadline
        if self.resolve_deadline:
            moments["resolve"] = self.resolve_deadline
        return self._due_levels(time, self.sla_id, moments, self.clock_round)

    def _due_levels(self, time, rule, moments, round_number):
        """Return when which levels that were not reached yet are due: pairs of moment and level (one record)."""
        levels = rule.level_ids.filtered(lambda level: level.deadline in moments)
        if not levels:
            return []
        reached = {
            (escalation.deadline_kind, escalation.level)
            for escalation in self.escalation_ids
            if escalation.round == round_number
        }
        due = []
        for level in levels:
            deadline = moments[level.deadline]
            if (level.deadline, level.level) not in reached:
                moment = time.moment(deadline, round(level.hours * 3600))
                if not moment:
                    continue
                # A promise that was shorter when the rule was chosen must not put this before the receipt.
                moment = max(moment, self.date_received)
                # At the deadline itself it is still met.
                due.append((max(moment, deadline + SECOND) if level.hours >= 0 else moment, level))
        return due

    def _escalate(self, level, due):
        """Tell people, and let one of them take over (one record)."""
        users, taker = level._get_told_users(self), level._get_taker(self)
        self.env["customer.complaint.escalation"].create({
            "complaint_id": self.id,
            "round": self.clock_round,
            "level": level.level,
            "level_id": level.id,
            "deadline_kind": level.deadline,
            "due": due,
            "user_ids": [fields.Command.set(users.ids)],
            "user_id": taker.id,
        })
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
            complaint = self.with_context(lang=lang or "en_US")
            complaint.message_post(
                author_id=author.id,
                body=complaint._get_escalation_text(level.with_env(complaint.env), taker),
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
        """Return when the next complaint has something due, or None."""
        self.flush_model(["clock_check_at"])
        [[moment]] = self.env.execute_query(
            SQL("SELECT MIN(clock_check_at) FROM customer_complaint WHERE clock_check_at IS NOT NULL")
        )
        return moment

    def _trigger_clock(self):
        """Have the scheduled action run when the first of these complaints has something due.

        Nothing to do when others are due before: that run sees to the next.
        """
        mine = min((complaint.clock_check_at for complaint in self if complaint.clock_check_at), default=None)
        if not mine:
            return
        # sudo: when the action has to run next does not depend on whose complaints one may see.
        others = self.sudo().with_context(active_test=False).search_count(
            [("clock_check_at", "<=", mine), ("id", "not in", self.ids)], limit=1
        )
        if not others:
            self._wake_clock(mine)

    @api.model
    def _wake_clock(self, moment):
        """Have the scheduled action run at a moment, if there is one and nobody deleted the action."""
        # sudo: everybody who changes a complaint sets its clock.
        cron = moment and self.env.ref(CLOCK_CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(max(moment, fields.Datetime.now()))
