from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.complaint.answer_words import MORE, THANKS
from ..base import test_migration
from .complaint_clock_case import ComplaintClockCase

HOURS = ("acknowledge_hours", "answer_hours", "close_hours", "first_contact")


@tagged("post_install", "-at_install")
class TestComplaintResponse(ComplaintClockCase):
    """Mondays of 2026: January 5. Worked from 8 to 12 and 13 to 17."""

    def _check_hours(self, complaint, *expected):
        """Compare hours to the second; None stands for not known."""
        found = [complaint[name] for name in HOURS]
        self.assertEqual(
            [None if hours is False else round(hours * 3600) for hours in found],
            [None if hours is None else round(hours * 3600) for hours in expected],
        )

    def _waited(self):
        """Return a complaint that was on hold from Monday 11:00 to Tuesday 9:00, and is answered."""
        self._rule(resolve=4.0)
        complaint = self._complaint("2026-01-05 08:00")
        self._check_hours(complaint, None, None, None, None)
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._check_hours(complaint, 2, None, None, None)
        self._move(complaint, self.waiting, "2026-01-05 11:00")
        self._move(complaint, self.investigating, "2026-01-06 09:00")
        self._move(complaint, self.answered, "2026-01-06 11:00")
        return complaint

    def test_stops_do_not_count(self):
        """Three hours on Monday, two on Tuesday; and in the stage of the answer we wait for the customer."""
        complaint = self._waited()
        self._check_hours(complaint, 2, 5, None, None)
        self._move(complaint, self.closed, "2026-01-07 08:30")
        self._check_hours(complaint, 2, 5, 5, 100)

    def test_reopened(self):
        """What the deadline forgets counts all the same: five hours before, two afterwards."""
        complaint = self._waited()
        self._move(complaint, self.closed, "2026-01-07 08:30")
        self._move(complaint, self.investigating, "2026-01-08 08:00")
        self.assertHours(complaint.clock_used / 3600, 3)
        self._check_hours(complaint, 2, 5, None, None)
        self._move(complaint, self.closed, "2026-01-08 10:00")
        self._check_hours(complaint, 2, 5, 7, 0)
        self._move(complaint, self.investigating, "2026-01-09 16:00")
        self._move(complaint, self.answered, "2026-01-12 09:30")
        self._check_hours(complaint, 2, 9.5, None, None)

    def test_closed_at_once(self):
        """From 8:00 to half past 12, with lunch from 12."""
        complaint = self._complaint("2026-01-05 08:00")
        self._move(complaint, self.closed, "2026-01-05 12:30")
        self._check_hours(complaint, 4, None, 4, 100)

    def test_answer_that_does_not_stop_the_clock(self):
        self.answered.clock_stops = False
        complaint = self._complaint("2026-01-05 08:00")
        self._move(complaint, self.answered, "2026-01-05 10:00")
        self._move(complaint, self.closed, "2026-01-05 14:00")
        self._check_hours(complaint, 2, 2, 5, 100)

    def test_noted_later_than_received(self):
        """Friday 16:00 is one hour before Monday morning."""
        complaint = self._complaint("2026-01-05 09:00", date_received=self._local("2026-01-02 16:00"))
        self._move(complaint, self.acknowledged, "2026-01-05 10:00")
        self._check_hours(complaint, 3, None, None, None)
        with self._at("2026-01-05 11:00"):
            complaint.date_received = self._local("2026-01-05 08:00")
        self._check_hours(complaint, 2, None, None, None)
        self._move(complaint, self.closed, "2026-01-05 12:00")
        self._check_hours(complaint, 2, None, 4, 100)
        with self._at("2026-01-05 14:00"):
            complaint.date_received = self._local("2026-01-02 16:00")
        self._check_hours(complaint, 3, None, 5, 100)

    def _local(self, text):
        with self._at(text):
            return self.env["customer.complaint"].default_get(["date_received"])["date_received"]

    def test_rejected_and_merged(self):
        rejected, merged, other = (self._complaint("2026-01-05 08:00") for _number in range(3))
        with self._at("2026-01-05 09:00"):
            rejected._reject("Used outdoors")
            merged._merge_into(other)
        self._check_hours(rejected, 1, None, 1, None)
        self._check_hours(merged, None, None, None, None)

    def test_customer_who_wrote_again(self):
        """Mere thanks are no second contact."""
        thanked, asked = (self._complaint("2026-01-05 08:00") for _number in range(2))
        with self._at("2026-01-05 09:00"):
            thanked._take_customer_answer(THANKS, "Thanks")
            asked._take_customer_answer(MORE, "Where is it?")
            (thanked | asked)._close()
        self.assertEqual((thanked | asked).mapped("first_contact"), [100.0, 0.0])

    def test_averages_leave_out_what_is_not_known(self):
        """Two and four hours, and one that nobody has acknowledged."""
        complaints = self.env["customer.complaint"]
        for at in ("10:00", "12:00", None):
            complaint = self._complaint("2026-01-05 08:00")
            if at:
                self._move(complaint, self.acknowledged, f"2026-01-05 {at}")
            complaints |= complaint
        [(team, hours, share)] = complaints._read_group(
            [("id", "in", complaints.ids)], ["team_id"], ["acknowledge_hours:avg", "first_contact:avg"]
        )
        self.assertEqual(team, self.team)
        self.assertHours(hours, 3)
        self.assertFalse(share)

    def test_stage_that_means_something_else(self):
        complaint = self._complaint("2026-01-05 08:00")
        self._move(complaint, self.closed, "2026-01-05 10:00")
        with self._at("2026-01-05 11:00"):
            self.closed.state = "handling"
        self._check_hours(complaint, 2, None, None, None)

    def test_nobody_writes_them(self):
        complaint = self._complaint("2026-01-05 08:00", user_id=self.agent.id)
        for name in (*HOURS, "response_extra"):
            with self.assertRaises(AccessError):
                complaint.with_user(self.agent).write({name: 1})

    def test_complaints_of_before(self):
        """What the clock has kept is exact; what it has not stays empty."""
        waited, again = self._waited(), self._waited()
        direct = self._complaint("2026-01-05 08:00")
        for complaint in (waited, again, direct):
            self._move(complaint, self.closed, "2026-01-07 08:30")
        self._move(again, self.investigating, "2026-01-08 08:00")
        self._move(again, self.closed, "2026-01-08 10:00")
        complaints = waited | again | direct
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_complaint SET acknowledge_hours = NULL, answer_hours = NULL, close_hours = NULL,"
            " first_contact = NULL WHERE id = ANY(%s)", [complaints.ids],
        )
        self.env.invalidate_all()
        test_migration.TestMigration._migrate(self, "19.0.1.4.0", "19.0.1.3.0", name="desk")
        self._check_hours(waited, 2, 5, 5, 100)
        self._check_hours(again, 2, None, None, 0)
        self._check_hours(direct, 16.5, None, 16.5, 100)
