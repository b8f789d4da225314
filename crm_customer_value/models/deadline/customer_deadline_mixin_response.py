"""How many working hours a record took to be acknowledged, answered and closed.

Counted by the clock of the deadlines: in its hours of work, and not while it stands still. ``response_extra`` are the
seconds that this clock leaves out and that passed all the same: what a reopened record had used before, and the
time in which a clock that was done waited for nobody.
"""

from odoo import models

from ...engine.deadline.clock import worked
from ...engine.deadline.working_time import HOUR
from ..base.number_fields import Float, Integer
from .customer_deadline_mixin import WorkingTimes


class CustomerDeadlineMixin(models.AbstractModel):
    _inherit = "customer.deadline.mixin"

    acknowledge_hours = Float("Hours Until Acknowledged", readonly=True, copy=False, aggregator="avg", optional=True)
    answer_hours = Float("Hours Until Answered", readonly=True, copy=False, aggregator="avg", optional=True)
    close_hours = Float("Hours Until Closed", readonly=True, copy=False, aggregator="avg", optional=True)
    response_extra = Integer(
        "Extra Response Seconds", default=0, readonly=True, copy=False, aggregator=None, exportable=False,
        help="Working time that counts for response times, but not for the deadline.",
    )

    def _counts_response(self):
        """Tell whether it is known how long this record took (one record). Extension point."""
        return True

    def _prepare_response(self, dates, now, times, since=None):
        """Return the response times that follow from dates that are about to be written (one record).

        :param dates: {name: moment or False}
        :param times: :class:`WorkingTimes`
        :param since: from when on time counted until now although the clock was done; None: it did not
        """
        time = times[self._response_calendar(), self.company_id]
        extra = self.response_extra + (time.seconds(since, now) if since else 0)
        hours = max(0, worked(self._clock(), self[self._clock_begins], now, time) + extra) / HOUR
        known = self._counts_response()
        return {"response_extra": extra} | {
            name: hours if known and dates[date] else False
            for name, date in self._response_ends.items()
            if date in dates and dates[date] != self[date]
        }

    def _response_calendar(self):
        """Return the calendar that response times are counted in (one record)."""
        return self._clock_calendar(self.sla_id) if self.clock_state == "new" else self.clock_calendar_id

    def _prepare_clock(self, now, times, chosen=None, force=False):
        """Keep what a reopened record has used, and its deadline forgets."""
        values = super()._prepare_clock(now, times, chosen, force)
        if self.clock_state == "done" != values["clock_state"]:
            values["response_extra"] = self.response_extra + self.clock_used - values["clock_used"]
        return values

    def _move_clock_starts(self, before):
        """Count the response times from another beginning, too."""
        times = WorkingTimes()
        # sudo: what happened is nobody's to choose, and clocks run whatever the rights of whoever moves a record.
        for record in self.sudo():
            time = times[record._response_calendar(), record.company_id]
            earlier = time.seconds(record[record._clock_begins], before[record])
            values = {
                name: max(0, record[name] + earlier / HOUR)
                for name in record._response_ends if record[name] is not False
            }
            if record.clock_state == "done":
                values["response_extra"] = record.response_extra + earlier
            if values:
                record.write(values)
        return super()._move_clock_starts(before)
