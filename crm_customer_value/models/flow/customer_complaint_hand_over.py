"""One step of a service flow hands a complaint over to the next when its time is up."""

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..complaint.customer_complaint_stage import OPEN_STATES

_logger = logging.getLogger(__name__)

BATCH = 100


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    next_step_id = fields.Many2one(
        "customer.service.flow.step", compute="_compute_next_step_id", compute_sudo=True
    )

    @api.depends("step_id")
    def _compute_next_step_id(self):
        for complaint in self:
            complaint.next_step_id = complaint.step_id._next_step() if complaint.step_id else False

    def action_hand_over(self):
        """Hand over to the next step now, before the time of this one is up."""
        self.check_access("write")
        for complaint in self:
            if not complaint._is_open():
                raise UserError(
                    self.env._("%(complaint)s is closed. Reopen it first.", complaint=complaint.display_name)
                )
            if not complaint.next_step_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s is in its last step. Choose another team or another service option.",
                        complaint=complaint.display_name,
                    )
                )
        # sudo: once handed over, it may belong to a team whose complaints one does not see.
        self.sudo()._hand_over()
        self._keep_in_sight()

    def _on_stage_changed(self, previous):
        """Let the time of a step stand still, go on, end, or begin again with the stage."""
        result = super()._on_stage_changed(previous)
        now = fields.Datetime.now()
        for complaint, stage in previous.items():
            # sudo: who serves it next follows from the flow, whomever the one who moves it may see.
            complaint = complaint.sudo()
            if complaint._is_open() and stage.state not in OPEN_STATES:
                complaint._resume_flow(now)
            else:
                complaint._sync_step_time(now)
        return result

    @api.model
    def _on_stages_redefined(self, stages, changed):
        """Let the steps of the complaints in these stages stand still, or go on."""
        result = super()._on_stages_redefined(stages, changed)
        timed = Domain("step_deadline", "!=", False) | Domain("step_hours_left", ">", 0)
        self.search(timed & Domain("stage_id", "in", stages.ids))._sync_step_time(fields.Datetime.now())
        return result

    def _sync_step_time(self, now):
        """Let the time of a step stand still, go on or end as the clock of the complaint does."""
        for complaint in self:
            stands = complaint.stage_id.clock_stops or not complaint.active
            if not complaint._is_open():
                complaint._write_step_time(False, 0.0)
            elif stands and complaint.step_deadline:
                # What was due before counts, also if the scheduled action was late.
                complaint._hand_over_due(now)
                if complaint.step_deadline:
                    left = complaint._step_calendar()._customer_hours(now, complaint.step_deadline)
                    complaint._write_step_time(False, left)
            elif not stands and complaint.step_hours_left:
                complaint._write_step_time(
                    complaint._step_calendar()._customer_deadline(now, complaint.step_hours_left), 0.0
                )

    def _resume_flow(self, now):
        """Begin the step in which this complaint (one) was when it was closed, once more."""
        if not self.step_id:
            # sudo: who reopens a complaint need not see how its flow is set up.
            self.step_id = self.flow_id.sudo()._first_step()
        self._start_step(now)
        user = self.user_id
        if user and (not user._may_serve(self.company_id) or user._filter_absent(self.company_id)):
            self._take_over()

    def _start_step(self, start, runs=False):
        """Let the time of the current step begin at ``start`` (naive UTC).

        :param runs: the clock ran then, although it may stand still now
        """
        for complaint in self:
            hours = complaint.step_id.hours if complaint._is_open() else 0.0
            if not hours:
                complaint._write_step_time(False, 0.0)
            elif (complaint.stage_id.clock_stops or not complaint.active) and not runs:
                complaint._write_step_time(False, hours)
            else:
                complaint._write_step_time(complaint._step_calendar()._customer_deadline(start, hours), 0.0)

    def _write_step_time(self, deadline, hours_left):
        if (self.step_deadline, self.step_hours_left) != (deadline, hours_left):
            # sudo: how long a step has is counted, and nobody's to choose.
            self.sudo().write({"step_deadline": deadline, "step_hours_left": hours_left})

    def _step_calendar(self):
        """Return the calendar in which the current step of this complaint (one) is counted."""
        # sudo: the working hours of a team count, whoever may read calendars.
        complaint = self.sudo().with_company(self.company_id)
        return complaint.team_id._get_calendar() if complaint.team_id else complaint.company_id.resource_calendar_id

    def _hand_over(self, reason=None):
        """Hand these open complaints over to their next step now, and tell both sides why.

        After the last step there is nobody to hand over to: the leader of the team is told.
        Complaints without a step stay where they are.
        """
        now = fields.Datetime.now()
        for complaint in self.filtered("step_id"):
            left = complaint.step_id
            if complaint._advance(now):
                complaint._tell_hand_over(left, reason)
            else:
                complaint._write_step_time(False, 0.0)
                complaint._tell_last_step()

    def _hand_over_due(self, now):
        """Hand over as often as the time of steps was up until ``now``.

        Each step begins when the one before ended, however late this is called: nobody's time
        is longer because the scheduled action stood still. The two sides are told once.
        """
        for complaint in self:
            left = complaint.step_id.browse()
            ended = False
            while not ended and complaint.step_deadline and complaint.step_deadline <= now:
                step = complaint.step_id
                if complaint._advance(complaint.step_deadline, runs=True):
                    left |= step
                else:
                    complaint._write_step_time(False, 0.0)
                    ended = True
            if left:
                complaint._tell_hand_over(left, due=True)
            if ended:
                complaint._tell_last_step()

    def _advance(self, start, runs=False):
        """Give this complaint (one) to the team of the next step, from ``start`` on.

        :param runs: the clock ran then, although it may stand still now
        :return: False if there is no next step
        """
        # sudo: whoever hands over need not be able to read the next team.
        complaint = self.sudo()
        step = complaint.step_id._next_step()
        if not step:
            return False
        values = {"step_id": step.id, "step_deadline": False, "step_hours_left": 0.0}
        team = step._team_for(complaint.company_id)
        if team and team != complaint.team_id:
            partner = complaint.partner_id.with_company(complaint.company_id)
            person = partner._service_preferences()["user"]
            available = (
                person in team.member_ids | team.leader_id
                and person._may_serve(complaint.company_id)
                and not person._filter_absent(complaint.company_id)
            )
            values.update(team_id=team.id, user_id=person.id if available else False)
        complaint.write(values)
        if not complaint._is_stage_allowed(complaint.stage_id):
            complaint.stage_id = complaint._find_stage(complaint.state) or complaint.stage_id
        complaint._start_step(start, runs)
        return True

    @api.model
    def _cron_hand_over(self):
        """Hand over what is due, and give what absent people handle to their team leaders."""
        now = fields.Datetime.now()
        due = Domain("step_deadline", "<=", now)
        absent = self.env["res.users"]._search_absent()
        left_behind = Domain("user_id", "in", absent.ids) & Domain("state", "in", OPEN_STATES)
        self.env["ir.cron"]._commit_progress(
            remaining=self.search_count(due) + self.search_count(left_behind)
        )
        if self._work_through(due, lambda complaint: complaint._hand_over_due(now)):
            self._work_through(left_behind, lambda complaint: complaint._take_over())

    @api.model
    def _work_through(self, domain, work):
        """Do ``work`` once for each complaint of ``domain``, with a commit after each batch.

        One that somebody else is changing waits for the next run, and so does one that fails.

        :return: False when there is no time left
        """
        seen = []
        while complaints := self.search(domain & Domain("id", "not in", seen), order="id", limit=BATCH):
            seen += complaints.ids
            for complaint in complaints.try_lock_for_update(allow_referencing=True):
                try:
                    with self.env.cr.savepoint():
                        work(complaint)
                except psycopg2.OperationalError:
                    # Somebody else was faster: the scheduled action runs again as a whole.
                    raise
                except Exception:
                    _logger.exception("Complaint %s could not be handed over", complaint.id)
            if not self.env["ir.cron"]._commit_progress(len(complaints)):
                return False
        return True
