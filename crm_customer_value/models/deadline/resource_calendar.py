"""Deadlines in the working hours of a calendar."""

from pytz import timezone

from odoo import models
from odoo.fields import Domain

from ...engine.deadline.working_time import HOUR, WorkingTime, to_seconds


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _customer_deadline(self, start, hours):
        """Return when so many working hours after ``start`` are over.

        Holidays are not worked, and times of day are those of the calendar's time zone. No calendar at all
        (an empty recordset) works around the clock. Zero hours end when they begin.

        :param datetime start: naive, in UTC
        :param float hours: to the second; below zero counts backwards, to the last moment that fits
        :return: a naive datetime in UTC, or False when the calendar has no working time
        """
        return self._customer_working_time().moment(start, to_seconds(hours)) or False

    def _customer_hours(self, start, end):
        """Return the working hours between two naive UTC datetimes, below zero when ``end`` comes first.

        The inverse of :meth:`_customer_deadline`, to the second.
        """
        return self._customer_working_time().seconds(start, end) / HOUR

    def _customer_working_time(self):
        """Return the working time of this calendar (or none), for those who ask it many times."""
        # sudo: hours and holidays count alike for everybody, also for those who may not see them.
        calendar = self.sudo()
        return WorkingTime(calendar._customer_load if calendar else None)

    def _customer_has_hours(self):
        """Tell whether anything is worked by this calendar at all."""
        # sudo: as above.
        calendar = self.sudo()
        if calendar.flexible_hours:
            return calendar.hours_per_day > 0 and calendar.full_time_required_hours > 0
        return any(attendance.hour_to > attendance.hour_from for attendance in calendar._get_global_attendances())

    def _customer_load(self, low, high):
        """Return what is worked from one local Monday to another, as pairs of timestamps.

        Whole weeks, because Odoo distributes flexible hours over the window it is asked for.
        """
        if not self._customer_has_hours():
            return []
        zone = timezone(self.tz)
        company = self.company_id or self.env.company
        # Holidays without a calendar are those of a company; those of other companies are worked here.
        domain = Domain("time_type", "=", "leave") & (
            Domain("calendar_id", "=", self.id) | Domain("company_id", "in", (False, company.id))
        )
        worked = self._work_intervals_batch(
            zone.localize(low), zone.localize(high), domain=list(domain), tz=zone
        )[False]
        pairs = ((round(start.timestamp()), round(stop.timestamp())) for start, stop, _meta in worked)
        # Odoo's days end at 23:59:59: the second that is left of a holiday is not worked.
        return [(start, stop) for start, stop in pairs if stop - start > 1]
