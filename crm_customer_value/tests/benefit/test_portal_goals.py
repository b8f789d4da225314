from odoo.fields import Date
from odoo.tests import tagged

from ...models.benefit.customer_benefit_goal_portal import PROPOSED_ACTIVITY
from .benefit_portal_case import BenefitPortalCase

NEW = "/my/benefit/goals/new"


@tagged("post_install", "-at_install")
class TestBenefitPortalGoals(BenefitPortalCase):
    """Goals that customers propose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answer = cls._metric("Answer time of the test", "hours")
        cls.uptime = cls._metric("Uptime of the test", "percent", direction="higher")

    def setUp(self):
        super().setUp()
        self._login(self.anna)
        self.good = {
            "metric_id": str(self.answer.id), "baseline": "8", "target": "2",
            "date_target": Date.to_string(Date.add(Date.today(), days=200)), "words": "Customers wait for us",
        }

    def _proposed(self):
        return self.env["customer.benefit.goal"].search([
            ("is_proposal", "=", True), ("commercial_partner_id", "=", self.mill.id),
        ])

    def test_propose(self):
        html = self._page(NEW)
        self.assertIn("Answer time of the test (hours)", html)
        self.assertNotIn("Faults of the test", html, "There is a goal for it.")
        html = self._send(NEW, **self.good)
        self.assertIn("We will look at your goal", html)
        self.assertIn("Proposed by you", html)
        goal = self._proposed()
        self.assertEqual(
            (goal.baseline, goal.target, goal.partner_id, goal.company_id, goal.user_id, goal.state, goal.plan),
            (8.0, 2.0, self.anna.partner_id, self.company, self.seller, "proposed", False),
        )
        activity = goal.activity_ids
        self.assertEqual((activity.activity_type_id, activity.user_id), (self.env.ref(PROPOSED_ACTIVITY), self.seller))
        self.assertIn("Customers wait for us", str(activity.note))
        self.assertNotIn(self.anna.partner_id, goal.message_partner_ids)
        # Nothing is measured for it before it is accepted.
        self.assertIn("no longer measured", self._page(f"/my/benefit/goals/{goal.id}/figure"))
        # sudo: as when somebody of us accepts it.
        goal.sudo().write({"is_proposal": False})
        self.assertFalse(goal.activity_ids)
        self.env.flush_all()
        self.assertIn("Add a figure", self._page(f"/my/benefit/goals/{goal.id}/figure"))

    def test_one_form_makes_one_goal(self):
        key = self._hidden(self._page(NEW), "key")
        for _click in range(2):
            self.assertIn("We will look at your goal", self._post(NEW, key=key, **self.good))
        self.assertEqual(len(self._proposed()), 1)

    def test_bad_input(self):
        for data, text in (
            ({"metric_id": str(self.faults.id)}, "have a goal for this already"),
            ({"metric_id": "0"}, "choose from the list"),
            ({"metric_id": ""}, "what is to get better"),
            ({"target": "8"}, "below where you are now"),
            ({"target": "9"}, "below where you are now"),
            ({"metric_id": str(self.uptime.id), "target": "2"}, "above where you are now"),
            ({"date_target": Date.to_string(Date.today())}, "a day after today"),
            ({"date_target": "1999-12-31"}, "a day after today"),
            ({"baseline": "inf"}, "enter a number"),
            ({"baseline": ""}, "where you are now"),
        ):
            with self.subTest(data=data):
                self.assertIn(text, self._send(NEW, **{**self.good, **data}))
        self.assertFalse(self._proposed())

    def test_metrics_of_others(self):
        """Of another company, another industry, and archived ones are neither offered nor taken."""
        industry = self.env["res.partner.industry"].create({"name": "Industry of the test"})
        for values in (
            {"company_id": self.other_company.id}, {"industry_ids": industry.ids}, {"active": False},
        ):
            metric = self._metric(f"Hidden {values}", "hours", **values)
            self.env.flush_all()
            with self.subTest(values=values):
                self.assertNotIn(metric.name, self._page(NEW))
                self.assertIn("choose from the list", self._send(NEW, **{**self.good, "metric_id": str(metric.id)}))
        self.assertFalse(self._proposed())

    def test_flood(self):
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_account_goal", "1")
        self._send(NEW, **self.good)
        html = self._send(NEW, **{**self.good, "metric_id": str(self.uptime.id), "target": "9"})
        self.assertIn("too much within an hour", html)
        self.assertEqual(len(self._proposed()), 1)
