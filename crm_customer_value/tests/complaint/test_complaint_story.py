from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...demo.customer_service_demo import shift
from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestComplaintStory(CustomerValueCase, HttpCase):
    """From the customer's words on a phone to the value index, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        # A desk that is always open: the test may run at any hour of any day.
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create({
            "name": "Always", "tz": "UTC", "company_id": cls.company.id,
            "attendance_ids": [Command.clear()] + [
                Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 0, "hour_to": 24})
                for day in range(7)
            ],
        })
        cls.leader = new_test_user(
            cls.env, "story_leader", groups="crm_customer_value.group_service_team", **company
        )
        cls.salesperson = new_test_user(
            cls.env, "story_salesperson", groups="sales_team.group_sale_salesman", **company
        )
        cls.desk = cls.env["customer.complaint.team"].create({
            "name": "Oven Desk", "company_id": cls.company.id, "leader_id": cls.leader.id,
        })
        cls.env["customer.complaint.sla"].search([]).active = False
        cls.env["customer.complaint.sla"].create({
            "name": "Everything", "company_id": cls.company.id, "acknowledge_hours": 2, "resolve_hours": 24,
            "level_ids": [Command.create({
                "deadline": "acknowledge", "hours": 0, "tell_leader": True, "takes_over": "leader",
            })],
        })
        cls.bakery = cls._partner("Story Bakery", is_company=True, user_id=cls.salesperson.id)
        cls.baker = new_test_user(
            cls.env, "story_baker", groups="base.group_portal", email="baker@example.com", **company
        )
        cls.baker.partner_id.parent_id = cls.bakery
        cls._order(cls.bakery, 400, 500.0)
        cls._order(cls.bakery, 10, 1000.0)
        cls._order(cls._partner("Story Kiosk"), 10, 10.0)
        cls._recompute()

    def _tour(self, url, name, login, size):
        self.browser_size = size
        self.start_tour(url, f"customer_complaint_story_{name}", login=login)

    def test_story(self):
        before = self._value(self.bakery).value_index
        self._tour("/my/complaints", "complain", "story_baker", "390x844")
        complaint = self.env["customer.complaint"].search([("partner_id", "=", self.baker.partner_id.id)])
        self.assertEqual(
            (complaint.state, complaint.channel_code, complaint.wanted_remedy, complaint.team_id),
            ("received", "portal", "refund", self.desk),
        )
        self.assertEqual(complaint.order_id.partner_id, self.bakery)
        self.assertEqual(complaint.deadline_state, "in_time")
        complaint.severity = "high"

        # Three hours pass, and nobody has looked.
        self.env.flush_all()
        shift(complaint, timedelta(hours=3))
        self.env.invalidate_all()
        self.env["customer.complaint"]._process_due_clocks()
        self.assertTrue(complaint.acknowledge_missed)
        self.assertEqual((complaint.escalation_level, complaint.user_id), (1, self.leader))
        self.assertIn(self.leader.partner_id, complaint.message_ids.notified_partner_ids)

        self._tour("/odoo/complaints", "handle", "story_leader", "1366x768")
        self.assertEqual((complaint.state, complaint.compensation), ("closed", 120.0))
        self.assertTrue(complaint.is_missed, "what was missed stays missed")
        self.assertFalse(complaint.activity_ids)

        self._tour(f"/my/complaints/{complaint.id}/rate", "rate", "story_baker", "390x844")
        self.assertEqual((complaint.rating_last_value, complaint.effort_score), (2.0, 2))
        self.assertEqual(complaint.activity_ids.user_id, self.leader)
        self.assertIn("Nobody called back for hours.", complaint.activity_ids.note)

        # What the scheduled action does within a minute.
        self.env.cr.precommit.run()
        marks = self.env["customer.value.mark"]._take(10000)
        self.assertIn(self.bakery.id, self.env["res.partner"].browse(
            {partner for partners in marks.values() for partner in partners}
        ).commercial_partner_id.ids)
        self._recompute(partners=self.bakery)
        value = self._value(self.bakery)
        self.assertLess(value.value_index, before)
        self.assertLess(value.satisfaction_points, 0.0)
        self.assertEqual(value.cost_to_serve, 120.0)
        self._tour(f"/odoo/res.partner/{self.bakery.id}", "read", "story_salesperson", "1366x768")
