"""Working hours that change while clocks run by them."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What working time is made of.
CALENDAR_FIELDS = frozenset((
    "tz", "attendance_ids", "attendance_ids_1st_week", "attendance_ids_2nd_week", "global_leave_ids", "leave_ids",
    "two_weeks_calendar", "schedule_type", "flexible_hours", "hours_per_day", "full_time_required_hours", "company_id",
))
ATTENDANCE_FIELDS = frozenset((
    "hour_from", "hour_to", "dayofweek", "day_period", "week_type", "calendar_id", "display_type", "duration_hours",
))
LEAVE_FIELDS = frozenset(("date_from", "date_to", "calendar_id", "resource_id", "time_type", "company_id"))
PENDING = "customer.deadline.calendars"


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        if CALENDAR_FIELDS & vals.keys():
            self._customer_hold_clocks()
        return super().write(vals)

    def unlink(self):
        self._customer_hold_clocks()
        return super().unlink()

    def _customer_hold_clocks(self):
        """Keep the time that clocks used by the hours as they are, before these change.

        The deadlines are set anew at the end of the transaction.
        """
        pending = self.env.cr.precommit.data.setdefault(PENDING, set())
        calendars = self.filtered(lambda calendar: calendar.id not in pending)
        mixin = self.env["customer.deadline.mixin"]
        held = calendars.ids and [records for records in mixin._clock_models() if records._hold_clocks(calendars)]
        if not held:
            return
        if not pending:
            self.env.cr.precommit.add(mixin._renew_clocks_of_calendars)
        pending.update(calendars.ids)


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        calendars = {vals.get("calendar_id") for vals in vals_list} - {None, False}
        self.env["resource.calendar"].browse(calendars)._customer_hold_clocks()
        return super().create(vals_list)

    def write(self, vals):
        if ATTENDANCE_FIELDS & vals.keys():
            (self.calendar_id | self.calendar_id.browse(vals.get("calendar_id") or ()))._customer_hold_clocks()
        return super().write(vals)

    def unlink(self):
        self.calendar_id._customer_hold_clocks()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        shared = [vals for vals in vals_list if not vals.get("resource_id")]
        self._customer_hold_clocks({vals.get("calendar_id") for vals in shared})
        return super().create(vals_list)

    def write(self, vals):
        if LEAVE_FIELDS & vals.keys():
            shared = self if vals.get("resource_id") is False else self.filtered(lambda leave: not leave.resource_id)
            calendars = {leave.calendar_id.id for leave in shared}
            if shared and "calendar_id" in vals:
                calendars.add(vals["calendar_id"])
            self._customer_hold_clocks(calendars)
        return super().write(vals)

    def unlink(self):
        self._customer_hold_clocks({leave.calendar_id.id for leave in self if not leave.resource_id})
        return super().unlink()

    def _customer_hold_clocks(self, calendar_ids):
        """Hold the clocks of some calendars; None or False among them stands for all that clocks run by."""
        calendars = self.env["resource.calendar"]
        if all(calendar_ids):
            calendars = calendars.browse(calendar_ids)
        else:
            for records in self.env["customer.deadline.mixin"]._clock_models():
                groups = records._read_group([("clock_started", "!=", False)], ["clock_calendar_id"])
                calendars |= calendars.browse(calendar.id for [calendar] in groups if calendar)
        calendars._customer_hold_clocks()


class CustomerDeadlineMixin(models.AbstractModel):
    _inherit = "customer.deadline.mixin"

    @api.model
    def _hold_clocks(self, calendars):
        """Keep the time that clocks used by these calendars until now; return whether any runs by them.

        Set-based, because all records of a company may run by one calendar.
        """
        now = fields.Datetime.now()
        self.flush_model()
        groups = self._read_group(
            [("clock_calendar_id", "in", calendars.ids), ("clock_started", "!=", False)],
            ["clock_calendar_id", "company_id"],
            ["clock_started:min"],
        )
        for calendar, company, first in groups:
            worked = calendar.with_company(company)._customer_working_time().intervals(min(first, now), now)
            self.env.cr.execute(SQL(
                """UPDATE %s
                      SET clock_used = COALESCE(clock_used, 0) + COALESCE((
                              SELECT SUM(EXTRACT(EPOCH FROM stop - GREATEST(start, clock_started)))
                                FROM UNNEST(%s::timestamp[], %s::timestamp[]) worked (start, stop)
                               WHERE stop > clock_started), 0),
                          clock_started = %s,
                          -- What has not passed yet is no longer promised, whenever the new deadline is set.
                          resolve_deadline = CASE WHEN resolve_deadline < %s THEN resolve_deadline END,
                          acknowledge_deadline = CASE
                              WHEN acknowledge_deadline < %s OR %s IS NOT NULL
                              THEN acknowledge_deadline END
                    WHERE clock_calendar_id = %s AND company_id = %s AND clock_started < %s""",
                SQL.identifier(self._table),
                [start for start, _stop in worked], [stop for _start, stop in worked],
                now, now, now, SQL.identifier(self._response_ends["acknowledge_hours"]),
                calendar.id, company.id, now,
            ))
        if groups:
            self.invalidate_model(
                ["clock_used", "clock_started", "resolve_deadline", "acknowledge_deadline"], flush=False
            )
        return bool(groups)

    @api.model
    def _renew_clocks_of_calendars(self):
        """Set the deadlines of records whose calendars changed in this transaction."""
        calendar_ids = self.env.cr.precommit.data.pop(PENDING, set())
        # A deleted calendar is no longer named by its records.
        changed = Domain("clock_state", "=", "running") & (
            Domain("clock_calendar_id", "in", list(calendar_ids)) | Domain("clock_calendar_id", "=", False)
        )
        for records in self._clock_models():
            records._renew_clocks(changed)


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            theirs = Domain("company_id", "in", self.ids) & Domain("clock_state", "in", ("running", "stopped"))
            for records in self.env["customer.deadline.mixin"]._clock_models():
                records._renew_clocks(theirs)
        return result
