"""Deadlines of complaints, worked out by hand: local times of Vienna, 8 to 12 and 13 to 17, Monday to Friday."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_clock_case import MORNING, ComplaintClockCase


@tagged("post_install", "-at_install")
class TestComplaintClock(ComplaintClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule()

    def test_deadlines(self):
        for received, acknowledge, resolve in [
            ("2026-01-05 09:00", "2026-01-05 14:00", "2026-01-07 09:00"),
            ("2026-01-05 06:00", "2026-01-05 12:00", "2026-01-06 17:00"),
            ("2026-01-05 12:20", "2026-01-05 17:00", "2026-01-07 12:00"),  # 4 h on Monday, 8 on Tuesday, 4 more
            ("2026-01-09 16:00", "2026-01-12 11:00", "2026-01-13 16:00"),  # over the weekend
            ("2026-01-10 23:00", "2026-01-12 12:00", "2026-01-13 17:00"),  # on the weekend
            ("2026-03-27 16:00", "2026-03-30 11:00", "2026-03-31 16:00"),  # summer begins
            ("2026-10-23 16:00", "2026-10-26 11:00", "2026-10-27 16:00"),  # summer ends
        ]:
            with self.subTest(received=received):
                complaint = self._complaint(received)
                self.assertLocal(complaint.acknowledge_deadline, acknowledge)
                self.assertLocal(complaint.resolve_deadline, resolve)
                self._check_clock(complaint, "in_time", acknowledge)
                self.assertEqual(complaint.sla_id, self.rule)
        self._holiday("2026-01-01", "2026-01-01")
        complaint = self._complaint("2025-12-31 15:00")
        self.assertLocal(complaint.acknowledge_deadline, "2026-01-02 10:00")

    def test_states(self):
        """In time, soon with a quarter of the time left, missed a second after the deadline."""
        complaint = self._complaint("2026-01-05 09:00")
        self.assertLocal(complaint.soon_at, "2026-01-05 12:00")
        self.assertLocal(complaint.clock_check_at, "2026-01-05 12:00")
        self._run("2026-01-05 11:59:59")
        self._check_clock(complaint, "in_time", "2026-01-05 14:00")
        self._run("2026-01-05 12:00")
        self._check_clock(complaint, "soon", "2026-01-05 14:00")
        self.assertLocal(complaint.clock_check_at, "2026-01-05 14:00:01")
        with self._at("2026-01-05 14:00"):
            complaint._sync_clocks()
        self._check_clock(complaint, "soon", "2026-01-05 14:00")
        self._run("2026-01-05 14:00:01")
        self._check_clock(complaint, "missed", "2026-01-05 14:00", missed=True)
        self._move(complaint, self.acknowledged, "2026-01-05 15:00")
        self._check_clock(complaint, "in_time", "2026-01-07 09:00", missed=True)
        self.assertTrue(complaint.acknowledge_missed)
        self.assertFalse(complaint.resolve_missed)
        # A quarter of 16 hours are 4: four hours before Wednesday 9:00 is Tuesday 14:00.
        self.assertLocal(complaint.soon_at, "2026-01-06 14:00")
        self._move(complaint, self.answered, "2026-01-07 09:00")
        self._check_clock(complaint, "done", missed=True)
        self.assertFalse(complaint.resolve_missed)
        self.assertFalse(complaint.clock_check_at)

    def test_missed_without_the_scheduled_action(self):
        """What happened late is late, also when nobody looked in between."""
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.closed, "2026-01-08 09:00")
        self._check_clock(complaint, "done", missed=True)
        self.assertTrue(complaint.acknowledge_missed)
        self.assertTrue(complaint.resolve_missed)
        in_time = self._complaint("2026-01-05 09:00")
        self._move(in_time, self.acknowledged, "2026-01-05 14:00")
        in_time.reject_reason = "Used up"
        self._move(in_time, self.rejected, "2026-01-07 09:00")
        self._check_clock(in_time, "done")

    def test_stop_and_resume(self):
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        # Three hours before lunch, an hour and a half and ten seconds after it.
        self._move(complaint, self.waiting, "2026-01-05 14:30:10")
        self._check_clock(complaint, "stopped")
        self.assertFalse(complaint.resolve_deadline)
        self.assertFalse(complaint.clock_check_at)
        self.assertEqual(complaint.clock_used, 4 * 3600 + 30 * 60 + 10)
        self.assertHours(complaint.hours_left, 16 - 4.5 - 10 / 3600)
        self.assertIn("11.5", complaint.deadline_note)
        self._run("2026-01-06 12:00")
        self._check_clock(complaint, "stopped")
        # 7.5 hours on Wednesday, 3 h 59 min 50 s on Thursday.
        self._move(complaint, self.investigating, "2026-01-07 08:30")
        self._check_clock(complaint, "in_time", "2026-01-08 11:59:50")
        # Stopped and resumed in the same minute, and at night: exactly where it was.
        self._move(complaint, self.waiting, "2026-01-07 20:00")
        self._move(complaint, self.investigating, "2026-01-07 20:00:30")
        self._check_clock(complaint, "soon", "2026-01-08 11:59:50")
        self._move(complaint, self.waiting, "2026-01-07 20:10")
        self._move(complaint, self.investigating, "2026-01-09 22:00")
        self._check_clock(complaint, "soon", "2026-01-12 11:59:50")

    def test_missed_while_waiting(self):
        """What was missed before the clock stopped stays missed and keeps its deadline."""
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._move(complaint, self.waiting, "2026-01-07 09:00:01")
        self._check_clock(complaint, "stopped", missed=True)
        self._move(complaint, self.investigating, "2026-01-14 09:00")
        self._check_clock(complaint, "missed", "2026-01-07 09:00", missed=True)

    def test_reopen(self):
        """The rest of the time, at least a quarter of it; missed stays missed."""
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        # Seven hours used, nine left: six on Thursday, three on Friday.
        self._move(complaint, self.answered, "2026-01-06 08:00")
        self._check_clock(complaint, "done")
        self._move(complaint, self.investigating, "2026-01-08 10:00")
        self._check_clock(complaint, "in_time", "2026-01-09 11:00")
        self.assertEqual(complaint.clock_round, 1)
        # Half an hour left becomes four.
        self._move(complaint, self.closed, "2026-01-09 10:30")
        self._move(complaint, self.investigating, "2026-01-12 10:00")
        self._check_clock(complaint, "soon", "2026-01-12 15:00")
        self._run("2026-01-12 15:00:01")
        self._check_clock(complaint, "missed", "2026-01-12 15:00", missed=True)
        self._move(complaint, self.closed, "2026-01-12 16:00")
        self._check_clock(complaint, "done", missed=True)
        self._move(complaint, self.investigating, "2026-01-13 08:00")
        self._check_clock(complaint, "soon", "2026-01-13 12:00", missed=True)
        self.assertTrue(complaint.resolve_missed)
        self._move(complaint, self.answered, "2026-01-13 09:00")
        self._check_clock(complaint, "done", missed=True)

    def test_calendar_without_hours(self):
        empty = self._calendar("Empty Hours", days=[])
        self.rule.calendar_id = empty
        complaint = self._complaint("2026-01-05 09:00")
        self._check_clock(complaint, "none")
        self.assertIn("“Empty Hours” has no working hours", complaint.deadline_note)
        self.assertFalse(complaint.hours_left)
        self._run("2026-01-05 10:00")
        # It gets hours: mornings only.
        with self._at("2026-01-06 08:00"):
            empty.attendance_ids = self._attendances([MORNING], range(5))
            self.env.cr.precommit.run()
        self._check_clock(complaint, "in_time", "2026-01-06 12:00")

    def test_no_calendar(self):
        """A rule without a calendar takes that of the team, then of the company, then the clock on the wall."""
        shop = self._calendar("Shop", hours=[MORNING])
        self.team.calendar_id = shop
        complaint = self._complaint("2026-01-05 10:00")
        self._check_clock(complaint, "in_time", "2026-01-06 10:00")
        with self._at("2026-01-05 10:00"):
            complaint.team_id = False
        self._check_clock(complaint, "in_time", "2026-01-05 15:00")
        self.team.calendar_id = False
        self.company.resource_calendar_id = False
        complaint = self._complaint("2026-01-10 23:00")
        self._check_clock(complaint, "in_time", "2026-01-11 03:00")
        self.assertIn("around the clock", complaint.deadline_note)

    def test_rule_calendar_time_zone(self):
        """A team in New York for a customer in Vienna, while the user sits in Tokyo."""
        self.rule.calendar_id = self._calendar("New York", tz="America/New_York")
        self.env.user.tz = "Asia/Tokyo"
        # 9:00 in Vienna is three in the morning: from 8 to 12 is from 14 to 18 in Vienna.
        self.assertLocal(self._complaint("2026-01-05 09:00").deadline, "2026-01-05 18:00")

    def test_no_promise(self):
        with self.assertRaises(ValidationError), mute_logger("odoo.sql_db"):
            self._rule("nothing", 0, 0)
        self.rule.active = False
        self._rule("only acknowledge", 4, 0)
        complaint = self._complaint("2026-01-05 09:00")
        self._check_clock(complaint, "in_time", "2026-01-05 14:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._check_clock(complaint, "done")
        self._move(complaint, self.investigating, "2026-01-05 11:00")
        self._check_clock(complaint, "done")
        self.assertEqual(complaint.clock_round, 0)

    def test_archived(self):
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        with self._at("2026-01-05 11:00"):
            complaint.active = False
        self._check_clock(complaint, "stopped")
        with self._at("2026-01-07 08:00"):
            complaint.active = True
        # Two hours used, fourteen left.
        self._check_clock(complaint, "in_time", "2026-01-08 15:00")

    def test_received_at_another_time(self):
        complaint = self._complaint("2026-01-05 11:00")
        with self._at("2026-01-05 11:30"):
            complaint.date_received = complaint.date_received.replace(hour=8)  # 9:00 in Vienna
        self._check_clock(complaint, "in_time", "2026-01-05 14:00")
        old = self._complaint("2026-01-12 11:00", date_received="2026-01-05 08:00:00")
        self._check_clock(old, "missed", "2026-01-05 14:00", missed=True)

    def test_history_has_no_deadlines(self):
        complaint = self._complaint("2026-01-12 11:00", date_received="2025-01-06 08:00:00", stage_id=self.closed.id)
        self._check_clock(complaint, "done")
        self.assertFalse(complaint.resolve_deadline)

    def test_days_in_stage(self):
        """Three days on hold since Monday; the week on hold before that is another stay."""
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.waiting, "2026-01-05 10:00")
        self._move(complaint, self.investigating, "2026-01-12 10:00")
        self._move(complaint, self.waiting, "2026-01-12 12:00")
        with self._at("2026-01-15 12:00"):
            complaint.invalidate_recordset(["time_in_stage"])
            self.assertEqual(complaint.time_in_stage, 3)

    def test_stage_begins_to_stop_clocks(self):
        complaint = self._complaint("2026-01-05 09:00")
        self._move(complaint, self.investigating, "2026-01-05 10:00")
        with self._at("2026-01-05 11:00"):
            self.investigating.clock_stops = True
        self._check_clock(complaint, "stopped")
        with self._at("2026-01-06 08:00"):
            self.investigating.clock_stops = False
        self._check_clock(complaint, "in_time", "2026-01-07 15:00")

    def test_search_hours_left(self):
        """What the search finds is what the list shows."""
        complaints = self.env["customer.complaint"]
        moments = ("2026-01-05 08:00", "2026-01-05 10:00", "2026-01-06 08:30", "2026-01-06 16:00")
        for number, moment in enumerate(moments):
            complaints |= self._complaint(moment)
            complaints |= self._complaint(moment, team_id=False)
            if number % 2:
                self._move(complaints[-1], self.waiting, "2026-01-06 16:30")
        self.company.resource_calendar_id = self._calendar("Mornings", hours=[MORNING])
        with self._at("2026-01-06 17:30"):
            complaints.invalidate_recordset()
            hours = complaints.mapped("hours_left")
            self.assertGreater(len(set(hours)), 4)
            for limit in sorted({*hours, *(each + 1 / 3600 for each in hours), 0, -100, 100}):
                for operator, keep in {
                    "<": lambda left, limit: left < limit, "<=": lambda left, limit: left <= limit,
                    ">": lambda left, limit: left > limit, ">=": lambda left, limit: left >= limit,
                }.items():
                    found = complaints.search([("hours_left", operator, limit), ("id", "in", complaints.ids)])
                    rounded = round(limit * 3600)
                    wanted = complaints.filtered(
                        lambda each, keep=keep, rounded=rounded: keep(round(each.hours_left * 3600), rounded)
                    )
                    self.assertEqual(found.sorted("id"), wanted.sorted("id"), (operator, limit))

    def test_rights(self):
        """Whoever handles complaints moves their clocks by handling them, and in no other way."""
        agent = self.env["customer.complaint"].with_user(self.agent)
        with self._at("2026-01-05 09:00"):
            complaint = agent.create({"name": "Broken", "description": "It broke.", "team_id": self.team.id})
        self._check_clock(complaint, "in_time", "2026-01-05 14:00")
        with self._at("2026-01-05 14:30"):
            complaint.stage_id = self.waiting
        self._check_clock(complaint, "stopped", missed=True)
        for values in ({"is_missed": False}, {"deadline": False}, {"sla_id": False}, {"clock_used": 0}):
            with self.assertRaises(AccessError):
                complaint.write(values)
            with self.assertRaises(AccessError):
                agent.create({"name": "Broken", "description": "It broke.", **values})
        with self.assertRaises(AccessError):
            self.rule.with_user(self.agent).resolve_hours = 1
        with self.assertRaises(AccessError):
            self.rule.with_user(self.agent).action_apply_to_open()
        manager = self._user("clock_manager", "group_service_manager")
        self.rule.with_user(manager).action_apply_to_open()
