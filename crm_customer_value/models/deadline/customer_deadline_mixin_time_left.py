"""How much time is left until the next deadline, and why there is none."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...engine.deadline.clock import SECOND
from ...engine.deadline.working_time import HOUR, to_seconds
from ..base.number_fields import Float, Integer
from .customer_deadline_mixin import WorkingTimes

# Of Odoo's palette: green, amber, red; blue for what waits.
COLORS = {"in_time": 10, "soon": 3, "missed": 1, "stopped": 4}


class CustomerDeadlineMixin(models.AbstractModel):
    _inherit = "customer.deadline.mixin"

    hours_left = Float(
        compute="_compute_hours_left",
        search="_search_hours_left",
        compute_sudo=True,
        help="Working hours until the next deadline. Below zero: missed.",
        optional=True,
    )
    deadline_color = Integer(compute="_compute_deadline_color")
    deadline_note = fields.Char("About the Deadline", compute="_compute_deadline_note", compute_sudo=True)

    @api.depends("deadline", "clock_state", "clock_rest", "clock_calendar_id")
    def _compute_hours_left(self):
        now, times = fields.Datetime.now(), WorkingTimes()
        for record in self:
            hours = record.clock_state == "stopped" and record.clock_rest
            if record.deadline:
                hours = record._clock_time(times).seconds(now, record.deadline) / HOUR
            record.hours_left = hours

    @api.depends("deadline_state", "deadline")
    def _compute_deadline_color(self):
        """Colour the calendar as deadlines are coloured everywhere: green, amber, red."""
        now = fields.Datetime.now()
        for record in self:
            state = "missed" if record.deadline and record.deadline < now else record.deadline_state
            record.deadline_color = COLORS.get(state, 0)

    def _search_hours_left(self, operator, value):
        """Turn hours into a moment, once for each calendar."""
        if operator == "in":
            return Domain.OR(
                Domain("hours_left", ">=", hours) & Domain("hours_left", "<=", hours)
                for hours in value
                if hours is not False
            )
        if operator not in ("<", "<=", ">", ">=") or not isinstance(value, int | float):
            return NotImplemented
        # "At most so many seconds" says it all, because the clock counts whole seconds.
        seconds = to_seconds(value) - (operator in ("<", ">="))
        below = operator in ("<", "<=")
        stopped = Domain("clock_state", "=", "stopped") & Domain("deadline_state", "=", "stopped")
        domains = [stopped & Domain("clock_rest", "<=" if below else ">", (seconds + 0.5) / HOUR)]
        now = fields.Datetime.now()
        # sudo: which calendars there are says nothing of the records.
        groups = self.sudo()._read_group(
            [("deadline", "!=", False)], ["company_id", "clock_calendar_id"]
        )
        for company, calendar in groups:
            time = calendar.with_company(company)._customer_working_time()
            moment = time.moment(now, seconds + 1) if seconds >= 0 else time.moment(now, seconds)
            if not moment:
                continue
            limit = moment - SECOND if seconds >= 0 else moment
            domains.append(
                Domain("company_id", "=", company.id)
                & Domain("clock_calendar_id", "=", calendar.id)
                & Domain("deadline", "<=" if below else ">", limit)
            )
        return Domain.OR(domains)

    @api.depends("sla_id", "deadline_state", "clock_state", "clock_calendar_id", "stage_id")
    def _compute_deadline_note(self):
        for record in self:
            record.deadline_note = record._get_deadline_note()

    def _get_deadline_note(self):
        """Say why the deadline is as it is (one record).

        Extension point: that no rule matches, or that it is archived, a record says in words of its own.
        """
        calendar = self.clock_calendar_id
        if self.clock_state == "new" or not self.sla_id:
            return False
        if self.deadline_state == "none" and not calendar._customer_has_hours():
            return self.env._(
                "The calendar “%(calendar)s” has no working hours, so there is no deadline.", calendar=calendar.name
            )
        if self.deadline_state == "none":
            return self.env._(
                "The calendar “%(calendar)s” has too few working hours for the rule “%(rule)s”, "
                "so there is no deadline.",
                calendar=calendar.name, rule=self.sla_id.name,
            )
        if self.deadline_state == "stopped":
            return self.env._(
                "On hold in the stage “%(stage)s”. %(hours)s working hours are left.",
                stage=self.stage_id.name,
                hours=self.env["ir.qweb.field.float"].value_to_html(self.clock_rest, {"precision": 1}),
            )
        if self.deadline and not calendar:
            return self.env._("There is no working calendar: hours count around the clock.")
        if self.deadline_state == "missed":
            return self.env._(
                "The deadline was %(date)s, by the rule “%(rule)s”.",
                date=format_datetime(self.env, self.deadline), rule=self.sla_id.name,
            )
        return self.env._("By the rule “%(rule)s”.", rule=self.sla_id.name)
