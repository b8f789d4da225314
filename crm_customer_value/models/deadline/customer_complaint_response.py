"""How many working hours a complaint took to be acknowledged, answered and closed, and whether once was enough.

Counted by the clock of the deadlines: in its hours of work, and not while it stands still. ``response_extra`` are the
seconds that this clock leaves out and that passed all the same: what a reopened complaint had used before, and the
time in an answered stage that does not stop the clock.
"""

from odoo import fields, models

from ...engine.deadline.working_time import HOUR
from ..base.number_fields import Float, Integer
from .customer_complaint_clock import WorkingTimes

HOURS = {"acknowledge_hours": "date_acknowledged", "answer_hours": "date_answered", "close_hours": "date_closed"}


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    acknowledge_hours = Float(
        "Hours Until Acknowledged", readonly=True, copy=False, aggregator="avg", optional=True,
        help="Working hours from receipt until the complaint was acknowledged, without the time on hold. Empty: not "
        "yet, or not known.",
    )
    answer_hours = Float(
        "Hours Until Answered", readonly=True, copy=False, aggregator="avg", optional=True,
        help="Working hours from receipt until the last answer, without the time on hold or closed. Empty: not "
        "answered, or not known.",
    )
    close_hours = Float(
        "Hours Until Closed", readonly=True, copy=False, aggregator="avg", optional=True,
        help="Working hours from receipt until the complaint was last closed or rejected, without the time on hold or "
        "closed. Empty: still open, merged, or not known.",
    )
    first_contact = Float(
        "Solved at First Contact (%)", readonly=True, copy=False, aggregator="avg", optional=True,
        help="100: closed without the customer writing again (a thank-you does not count) and never reopened. 0: "
        "otherwise. In groups: the average. Empty: open, rejected, merged, or not known.",
    )
    response_extra = Integer(
        "Extra Response Seconds", default=0, readonly=True, copy=False, aggregator=None, exportable=False,
        help="Working time that counts for response times, but not for the deadline.",
    )

    def _set_stage_dates(self, previous):
        """Count the working hours until each date that is set."""
        # sudo: what happened is nobody's to choose, and clocks run whatever the rights of whoever moves a complaint.
        complaints = self.sudo()
        before = {complaint: complaint._response_dates() for complaint in complaints}
        result = super()._set_stage_dates(previous)
        now, times = fields.Datetime.now(), WorkingTimes()
        for complaint in complaints:
            extra, old = complaint.response_extra, previous.get(complaint)
            if old and old.state == "answered" and not old.clock_stops and complaint.date_stage:
                extra += times[complaint._response_calendar()].seconds(complaint.date_stage, now)
            hours = max(0, complaint._clock_seconds(now, times) + extra) / HOUR
            changed = {
                name: moment for name, moment in complaint._response_dates().items()
                if moment != before[complaint][name]
            }
            values = {
                name: hours if moment and not complaint.merged_into_id else False for name, moment in changed.items()
            }
            complaint.write({
                **values, "response_extra": extra, "first_contact": complaint._prepare_first_contact(),
            })
        return result

    def _response_dates(self):
        """Return {name of the hours: until when they count} (one record)."""
        return {name: self[date] for name, date in HOURS.items()}

    def _response_calendar(self):
        """Return the calendar that response times are counted in (one record)."""
        calendar = self._clock_calendar(self.sla_id) if self.clock_state == "new" else self.clock_calendar_id
        return calendar.with_company(self.company_id)

    def _clock_seconds(self, now, times):
        """Return the seconds that the clock has counted until now (one record)."""
        started = self.date_received if self.clock_state == "new" else self.clock_started
        return self.clock_used + (times[self._response_calendar()].seconds(started, now) if started else 0)

    def _prepare_first_contact(self):
        """Return 100 for solved at first contact, 0 for not, or False where there is nothing to say (one record)."""
        if self.state != "closed" or self.merged_into_id:
            return False
        return 0.0 if self.reopen_count or self.date_customer_wrote else 100.0

    def _prepare_clock(self, now, times, chosen=None, force=False):
        """Keep what a reopened complaint has used, and its deadline forgets."""
        used = self.clock_used
        reopened = self.clock_state == "done"
        values = super()._prepare_clock(now, times, chosen, force)
        if reopened and values["clock_state"] != "done":
            values["response_extra"] = self.response_extra + used - values["clock_used"]
        return values

    def _move_clock_starts(self, before):
        """Count the response times from another date of receipt, too."""
        times = WorkingTimes()
        # sudo: as above.
        for complaint in self.sudo():
            earlier = times[complaint._response_calendar()].seconds(complaint.date_received, before[complaint])
            values = {
                name: max(0, complaint[name] + earlier / HOUR) for name in HOURS if complaint[name] is not False
            }
            if complaint.clock_state == "done":
                values["response_extra"] = complaint.response_extra + earlier
            if values:
                complaint.write(values)
        return super()._move_clock_starts(before)
