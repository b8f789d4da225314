from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import channel
from .service_case import ServiceCase

MONDAY = "2026-11-23 09:00:00"


@tagged("post_install", "-at_install")
class TestServicePassingOn(ServiceCase):
    """Complaints that leave the sight of whoever passes them on, and steps that stand still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.member_ids = cls.member
        cls.own = cls._user("service_own", "Olga Own", groups="crm_customer_value.group_service_own")
        cls.technical.leader_id = cls.desk.leader_id = cls.person

    def _begin(self, **values):
        self.customer.service_flow_id = self.flow
        with freeze_time(MONDAY):
            complaint = self._complain(**values)
        complaint.message_unsubscribe((self.member | self.own).partner_id.ids)
        return complaint

    def _as(self, user, complaint):
        self.env.flush_all()
        self.env.invalidate_all()
        return complaint.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _read_only(self, user, complaint):
        """Check that the user may still read the complaint, and no longer write it."""
        mine = self._as(user, complaint)
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(mine.has_access("write"))

    def test_hand_over_to_a_team_one_does_not_see(self):
        complaint = self._begin()
        self._as(self.member, complaint).action_hand_over()
        self.assertEqual((complaint.step_id, complaint.team_id), (self.second, self.technical))
        self.assertIn("Max Member handed over", self._notes(complaint)[0].body)
        self._read_only(self.member, complaint)
        with self.assertRaises(AccessError):
            self._as(self.member, complaint).action_hand_over()

    def test_due_step_when_a_card_is_moved(self):
        """The scheduled action is late: the next team takes over, and the card stays where it was put."""
        complaint = self._begin(user_id=self.own.id)
        with freeze_time("2026-11-24 09:05:00"):
            self._as(self.own, complaint).web_save({"stage_id": self.waiting.id}, {"name": {}, "stage_id": {}})
        self.assertEqual((complaint.stage_id, complaint.step_id), (self.waiting, self.second))
        # Sixteen hours of Works from Tuesday 9:00, where the first step ended.
        self.assertAlmostEqual(complaint.step_hours_left, 16 - 5 / 60, places=4)
        self._read_only(self.own, complaint)

    def test_flow_of_another_team(self):
        self.sales.member_ids = self.person
        self.technical.member_ids = self.member
        complaint = self._complain(team_id=self.technical.id)
        self._as(self.member, complaint).web_save({"flow_id": self.flow.id}, {"team_id": {}})
        self.assertEqual((complaint.step_id, complaint.team_id), (self.first, self.sales))
        self._read_only(self.member, complaint)

    def test_contact_with_a_person_of_their_own(self):
        self.customer.service_user_id = self.person
        self.sales.member_ids = self.own | self.person
        complaint = self._complain(
            self.env["res.partner"], channel_id=channel(self.env, "email"), email_from="x@example.com",
            team_id=self.sales.id,
        )
        self._as(self.own, complaint).web_save({"partner_id": self.contact.id}, {"user_id": {}})
        self.assertEqual((complaint.partner_id, complaint.user_id), (self.contact, self.person))
        self._read_only(self.own, complaint)

    def test_passed_on_by_hand(self):
        complaint = self._begin(user_id=self.own.id)
        self._as(self.own, complaint).web_save({"user_id": self.person.id}, {"user_id": {}})
        self.assertEqual(complaint.user_id, self.person)
        self._read_only(self.own, complaint)

    def test_archived_stands_still(self):
        complaint = self._begin()
        self.assertEqual(complaint.step_deadline, datetime(2026, 11, 24, 9))
        with freeze_time("2026-11-23 11:00:00"):
            complaint.active = False
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 6.0))
        with freeze_time("2026-12-14 08:00:00"):
            self._cron()
            complaint.active = True
        self.assertEqual(complaint.step_id, self.first)
        self.assertEqual(complaint.step_deadline, datetime(2026, 12, 14, 15))

    def test_stage_no_longer_stops(self):
        complaint = self._begin()
        with freeze_time("2026-11-23 11:00:00"):
            complaint.stage_id = self.waiting
        self.assertEqual(complaint.step_hours_left, 6.0)
        with freeze_time("2026-11-24 08:00:00"):
            self.waiting.clock_stops = False
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (datetime(2026, 11, 24, 15), 0.0))
        with freeze_time("2026-11-24 10:00:00"):
            self.waiting.clock_stops = True
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 4.0))
        with freeze_time("2026-11-24 11:00:00"):
            self.waiting.state = "answered"
            complaint.stage_id = self.closed
        self.assertEqual((complaint.step_deadline, complaint.step_hours_left), (False, 0.0))

    def test_followers_read(self):
        """Whoever is drawn in reads one complaint, and no other."""
        complaint, other = self._begin(), self._begin()
        self.assertFalse(self._as(self.own, complaint).has_access("read"))
        complaint.message_subscribe(self.own.partner_id.ids)
        self._read_only(self.own, complaint)
        self.assertFalse(self._as(self.own, other).has_access("read"))
        self.own.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assertFalse(self._as(self.own, complaint).has_access("read"))
