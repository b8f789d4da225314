"""One step of a service flow hands a record over to the next when its time is up."""

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH = 100


class CustomerFlowMixin(models.AbstractModel):
    _inherit = "customer.flow.mixin"

    next_step_id = fields.Many2one(
        "customer.service.flow.step", compute="_compute_next_step_id", compute_sudo=True
    )

    @api.depends("step_id")
    def _compute_next_step_id(self):
        for record in self:
            record.next_step_id = record.step_id._next_step() if record.step_id else False

    def action_hand_over(self):
        """Hand over to the next step now, before the time of this one is up."""
        self.check_access("write")
        for record in self:
            if not record._is_open():
                raise UserError(
                    self.env._("%(complaint)s is closed. Reopen it first.", complaint=record.display_name)
                )
            if not record.next_step_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s is in its last step. Choose another team or another service option.",
                        complaint=record.display_name,
                    )
                )
        # sudo: once handed over, it may belong to a team whose records one does not see.
        self.sudo()._hand_over()
        self._keep_in_sight()

    def _on_stage_changed(self, previous):
        """Let the time of a step stand still, go on, end, or begin again with the stage."""
        result = super()._on_stage_changed(previous)
        now = fields.Datetime.now()
        for record, stage in previous.items():
            # sudo: who serves it next follows from the flow, whomever the one who moves it may see.
            record = record.sudo()
            if record._is_open() and stage.state not in self._open_states:
                record._resume_flow(now)
            else:
                record._sync_step_time(now)
        return result

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """Let the steps of the records in these stages stand still, or go on."""
        result = super()._on_stages_redefined(stages, changed)
        timed = Domain("step_deadline", "!=", False) | Domain("step_hours_left", ">", 0)
        self.search(timed & Domain("stage_id", "in", stages.ids))._sync_step_time(fields.Datetime.now())
        return result

    def _sync_step_time(self, now):
        """Let the time of a step stand still, go on or end as the clock of the record does."""
        for record in self:
            stands = record._stands_still()
            if not record._is_open():
                record._write_step_time(False, 0.0)
            elif stands and record.step_deadline:
                # What was due before counts, also if the scheduled action was late.
                record._hand_over_due(now)
                if record.step_deadline:
                    left = record._step_calendar()._customer_hours(now, record.step_deadline)
                    record._write_step_time(False, left)
            elif not stands and record.step_hours_left:
                record._write_step_time(
                    record._step_calendar()._customer_deadline(now, record.step_hours_left), 0.0
                )

    def _resume_flow(self, now):
        """Begin the step in which this record (one) was when it was closed, once more."""
        if not self.step_id:
            # sudo: who reopens a record need not see how its flow is set up.
            self.step_id = self.flow_id.sudo()._first_step()
        self._start_step(now)
        user = self.user_id
        if user and (not user._may_serve(self.company_id) or user._filter_absent(self.company_id)):
            self._take_over()

    def _start_step(self, start, runs=False):
        """Let the time of the current step begin at ``start`` (naive UTC).

        :param runs: the clock ran then, although it may stand still now
        """
        for record in self:
            hours = record.step_id.hours if record._is_open() else 0.0
            if not hours:
                record._write_step_time(False, 0.0)
            elif record._stands_still() and not runs:
                record._write_step_time(False, hours)
            else:
                record._write_step_time(record._step_calendar()._customer_deadline(start, hours), 0.0)

    def _write_step_time(self, deadline, hours_left):
        if (self.step_deadline, self.step_hours_left) != (deadline, hours_left):
            # sudo: how long a step has is counted, and nobody's to choose.
            self.sudo().write({"step_deadline": deadline, "step_hours_left": hours_left})

    def _step_calendar(self):
        """Return the calendar in which the current step of this record (one) is counted."""
        # sudo: the working hours of a team count, whoever may read calendars.
        record = self.sudo().with_company(self.company_id)
        return record.team_id._get_calendar() if record.team_id else record.company_id.resource_calendar_id

    def _hand_over(self, reason=None):
        """Hand these open records over to their next step now, and tell both sides why.

        After the last step there is nobody to hand over to: the leader of the team is told.
        Records without a step stay where they are.
        """
        now = fields.Datetime.now()
        for record in self.filtered("step_id"):
            left = record.step_id
            if record._advance(now):
                record._tell_hand_over(left, reason)
            else:
                record._write_step_time(False, 0.0)
                record._tell_last_step()

    def _hand_over_due(self, now):
        """Hand over as often as the time of steps was up until ``now``.

        Each step begins when the one before ended, however late this is called: nobody's time
        is longer because the scheduled action stood still. The two sides are told once.
        """
        for record in self:
            left = record.step_id.browse()
            ended = False
            while not ended and record.step_deadline and record.step_deadline <= now:
                step = record.step_id
                if record._advance(record.step_deadline, runs=True):
                    left |= step
                else:
                    record._write_step_time(False, 0.0)
                    ended = True
            if left:
                record._tell_hand_over(left, due=True)
            if ended:
                record._tell_last_step()

    def _advance(self, start, runs=False):
        """Give this record (one) to the team of the next step, from ``start`` on.

        :param runs: the clock ran then, although it may stand still now
        :return: False if there is no next step
        """
        # sudo: whoever hands over need not be able to read the next team.
        record = self.sudo()
        step = record.step_id._next_step()
        if not step:
            return False
        values = {"step_id": step.id, "step_deadline": False, "step_hours_left": 0.0}
        team = step._team_for(record.company_id)
        if team and team != record.team_id:
            partner = record.partner_id.with_company(record.company_id)
            person = partner._customer_wishes()["user"]
            available = (
                person in team.member_ids | team.leader_id
                and person._may_serve(record.company_id)
                and not person._filter_absent(record.company_id)
            )
            values.update(team_id=team.id, user_id=person.id if available else False)
        record.write(values)
        record._choose_stages()
        record._start_step(start, runs)
        return True

    @api.model
    def _cron_hand_over(self):
        """Hand over what is due, and give what absent people handle to their team leaders."""
        now = fields.Datetime.now()
        due = Domain("step_deadline", "<=", now)
        absent = self.env["res.users"]._search_absent()
        left_behind = Domain("user_id", "in", absent.ids) & self._open_domain()
        self.env["ir.cron"]._commit_progress(
            remaining=self.search_count(due) + self.search_count(left_behind)
        )
        if self._work_through(due, lambda record: record._hand_over_due(now)):
            self._work_through(left_behind, lambda record: record._take_over())

    @api.model
    def _work_through(self, domain, work):
        """Do ``work`` once for each record of ``domain``, with a commit after each batch.

        One that somebody else is changing waits for the next run, and so does one that fails.

        :return: False when there is no time left
        """
        seen = []
        while records := self.search(domain & Domain("id", "not in", seen), order="id", limit=BATCH):
            seen += records.ids
            for record in records.try_lock_for_update(allow_referencing=True):
                try:
                    with self.env.cr.savepoint():
                        work(record)
                except psycopg2.OperationalError:
                    # Somebody else was faster: the scheduled action runs again as a whole.
                    raise
                except Exception:
                    _logger.exception("%s could not be handed over", record)
            if not self.env["ir.cron"]._commit_progress(len(records)):
                return False
        return True
