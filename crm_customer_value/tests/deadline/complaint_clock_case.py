from datetime import datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase

MORNING, AFTERNOON = (8, 12), (13, 17)
VIENNA = "Europe/Vienna"


def utc(text, tz=VIENNA):
    """Return a local time written as ``2026-01-05 08:00[:00]`` in naive UTC."""
    local = pytz.timezone(tz).localize(datetime.fromisoformat(text))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


class ComplaintClockCase(TransactionCase):
    """A company in Vienna that works from 8 to 12 and 13 to 17, Monday to Friday, and has rules of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "tz": "UTC"})
        cls.company = cls.env["res.company"].create({"name": "Clock Test Company"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": [cls.company.id]})
        cls.company = cls.company.with_env(cls.env)
        cls.calendar = cls.company.resource_calendar_id = cls._calendar("Office")
        # Rules of the module are for all companies; here only those of a test count.
        cls.env["customer.complaint.sla"].search([]).active = False
        cls.partner = cls.env["res.partner"].create({"name": "Clock Customer"})
        cls.leader = cls._user("clock_leader", "group_service_all")
        cls.agent = cls._user("clock_agent", "group_service_team")
        cls.team = cls._team(
            "Clock Team", leader_id=cls.leader.id, member_ids=[Command.set((cls.leader | cls.agent).ids)]
        )
        for name in ("received", "acknowledged", "investigating", "waiting", "answered", "closed", "rejected"):
            setattr(cls, name, cls.env.ref(f"crm_customer_value.complaint_stage_{name}"))

    @classmethod
    def _user(cls, login, group, **values):
        return cls.env["res.users"].with_context(no_reset_password=True).create({
            "name": login.replace("_", " ").title(), "login": login, "email": f"{login}@example.com",
            "company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)],
            "group_ids": [Command.link(cls.env.ref(f"crm_customer_value.{group}").id)], **values,
        })

    @classmethod
    def _team(cls, name, **values):
        return cls.env["customer.complaint.team"].create({
            "name": name, "company_id": cls.company.id,
            **values,
        })

    @classmethod
    def _calendar(cls, name, hours=(MORNING, AFTERNOON), days=range(5), tz=VIENNA, **values):
        return cls.env["resource.calendar"].create({
            "name": name, "tz": tz, "company_id": cls.company.id,
            "attendance_ids": [Command.clear(), *cls._attendances(hours, days)], **values,
        })

    @staticmethod
    def _attendances(hours, days, **values):
        return [
            Command.create({
                "name": f"{day} {start}", "dayofweek": str(day), "hour_from": start, "hour_to": end,
                "day_period": "morning" if start < 12 else "afternoon", **values,
            })
            for day in days
            for start, end in hours
        ]

    @classmethod
    def _holiday(cls, first, last, calendar=None, **values):
        calendar = cls.calendar if calendar is None else calendar
        return cls.env["resource.calendar.leaves"].create({
            "name": "Holiday", "calendar_id": calendar.id, "resource_id": False,
            "date_from": utc(f"{first} 00:00", calendar.tz or VIENNA),
            "date_to": utc(f"{last} 23:59:59", calendar.tz or VIENNA), **values,
        })

    @classmethod
    def _rule(cls, name="Rule", acknowledge=4.0, resolve=16.0, levels=(), **values):
        return cls.env["customer.complaint.sla"].create({
            "name": name, "company_id": cls.company.id, "acknowledge_hours": acknowledge, "resolve_hours": resolve,
            "level_ids": [Command.create(level) for level in levels], **values,
        })

    @classmethod
    def _complaint(cls, at, **values):
        """Create a complaint received at a local time in Vienna."""
        with cls._at(at):
            return cls.env["customer.complaint"].create({
                "name": "Broken", "description": "It broke.", "partner_id": cls.partner.id,
                "team_id": cls.team.id, "company_id": cls.company.id, **values,
            })

    @staticmethod
    def _at(text):
        """Go to a local time in Vienna."""
        return freeze_time(utc(text))

    def _move(self, complaint, stage, at):
        with self._at(at):
            complaint.stage_id = stage
            self.env.flush_all()

    def _run(self, at):
        """Run the scheduled action as it would be at a local time."""
        with self._at(at):
            self.env["customer.complaint"]._process_due_clocks()
            self.env.flush_all()

    def _check_clock(self, complaint, state, deadline=None, missed=False):
        self.assertEqual(complaint.deadline_state, state)
        self.assertLocal(complaint.deadline, deadline or False)
        self.assertEqual(complaint.is_missed, missed)

    def assertLocal(self, moment, text, message=None):
        """Compare a naive UTC datetime with a local time in Vienna."""
        self.assertEqual(moment, text and utc(text), message)

    def assertHours(self, hours, expected):
        """Compare hours to the second."""
        self.assertEqual(round(hours * 3600), round(expected * 3600))


SECOND = timedelta(seconds=1)
