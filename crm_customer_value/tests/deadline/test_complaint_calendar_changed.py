"""Hours that change while clocks run by them, worked out by hand. Local times of Vienna."""

from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ...models.deadline import customer_deadline_mixin
from .complaint_clock_case import MORNING, ComplaintClockCase


@tagged("post_install", "-at_install")
class TestComplaintCalendarChanged(ComplaintClockCase):
    """Hours change on Tuesday at 10:00: ten of sixteen hours are used, six are left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(acknowledge=0)
        cls.complaint = cls._complaint("2026-01-05 08:00")

    def _check(self, deadline):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertLocal(self.complaint.resolve_deadline, deadline)
        self.assertLocal(self.complaint.deadline, deadline)

    def test_before(self):
        self._check("2026-01-06 17:00")

    def test_shorter_afternoons(self):
        """Four more hours today would be over at 17:00; at 15:00 two are left for Wednesday."""
        with self._at("2026-01-06 10:00"):
            for attendance in self.calendar.attendance_ids.filtered(lambda each: each.hour_to == 17):
                attendance.hour_to = 15
            self._check("2026-01-07 10:00")

    def test_each_from_its_own_start(self):
        """Of one that began at 9:00, one hour is used: four today, six on Wednesday, five on Thursday."""
        later = self._complaint("2026-01-06 09:00")
        with self._at("2026-01-06 10:00"):
            for attendance in self.calendar.attendance_ids.filtered(lambda each: each.hour_to == 17):
                attendance.hour_to = 15
            self._check("2026-01-07 10:00")
        self.assertLocal(later.resolve_deadline, "2026-01-08 14:00")

    def test_other_attendances(self):
        """Mornings only: two hours today, four tomorrow. Written through the calendar, as its form does."""
        with self._at("2026-01-06 10:00"):
            self.calendar.write({"attendance_ids": [Command.clear(), *self._attendances([MORNING], range(5))]})
            self._check("2026-01-07 12:00")

    def test_holiday(self):
        with self._at("2026-01-06 10:00"):
            holiday = self._holiday("2026-01-06", "2026-01-07")
            self._check("2026-01-08 15:00")
            holiday.unlink()
            self._check("2026-01-06 17:00")

    def test_holiday_of_all_calendars(self):
        with self._at("2026-01-06 10:00"):
            holiday = self._holiday("2026-01-06", "2026-01-07", self.env["resource.calendar"])
            self._check("2026-01-08 15:00")
            holiday.date_to = "2026-01-06 12:00:00"
            self._check("2026-01-07 10:00")

    def test_time_zone(self):
        """10:00 in Vienna is 4:00 in New York; six hours end there at 15:00."""
        with self._at("2026-01-06 10:00"):
            self.calendar.tz = "America/New_York"
            self._check("2026-01-06 21:00")

    def test_other_calendar(self):
        with self._at("2026-01-06 10:00"):
            mornings = self._calendar("Mornings", hours=[MORNING])
            self.team.calendar_id = mornings
            self._check("2026-01-07 12:00")
            self.team.calendar_id = False
            self.company.resource_calendar_id = mornings
            self._check("2026-01-07 12:00")

    def test_calendar_deleted(self):
        with self._at("2026-01-06 10:00"):
            mornings = self._calendar("Mornings", hours=[MORNING])
            self.team.calendar_id = mornings
            self._check("2026-01-07 12:00")
            mornings.unlink()
            self._check("2026-01-06 17:00")

    def test_missed_stays_where_it_was(self):
        with self._at("2026-01-07 10:00"):
            self.calendar.attendance_ids.filtered(lambda each: each.hour_to == 17).unlink()
            self._check("2026-01-06 17:00")
            self.assertTrue(self.complaint.is_missed)

    def test_changed_while_stopped(self):
        self._move(self.complaint, self.waiting, "2026-01-06 10:00")
        with self._at("2026-01-06 11:00"):
            self.calendar.attendance_ids.filtered(lambda each: each.hour_to == 17).unlink()
            self.env.cr.precommit.run()
        self._move(self.complaint, self.investigating, "2026-01-08 10:00")
        self._check("2026-01-09 12:00")

    def test_more_than_at_once(self):
        """Those that are not renewed at once are by the scheduled action, with the time used before."""
        others = self.complaint
        with self._at("2026-01-05 08:00"):
            others |= self.env["customer.complaint"].create([
                {"name": "Broken", "description": "It broke.", "team_id": self.team.id} for _number in range(4)
            ])
        with self._at("2026-01-06 10:00"), patch.object(customer_deadline_mixin, "AT_ONCE", 2):
            self._holiday("2026-01-06", "2026-01-07")
            self._check("2026-01-08 15:00")
            self.assertEqual([each.clock_check_at == fields.Datetime.now() for each in others].count(True), 3)
        # Their old deadline, Tuesday 17:00, has passed when they are renewed.
        self._run("2026-01-06 20:00")
        self.assertEqual(len(set(others.mapped("deadline"))), 1)
        self.assertFalse(any(others.mapped("is_missed")))
        self._check("2026-01-08 15:00")
