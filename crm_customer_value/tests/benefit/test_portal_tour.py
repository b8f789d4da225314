from odoo.tests import tagged

from .benefit_portal_case import BenefitPortalCase


@tagged("post_install", "-at_install")
class TestBenefitTour(BenefitPortalCase):
    """From a need on the phone to a figure that is settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.record | cls.env["customer.benefit.record"].search([("goal_id", "=", cls.goal.id)])).unlink()
        cls.need.unlink()
        cls.goal.unlink()

    def _index(self):
        """Return what the customer's value says of their side of it, once everything is computed."""
        self.env.flush_all()
        self.env["customer.value.run"]._recompute(self.company)
        value = self.env["customer.value"].search([
            ("partner_id", "=", self.mill.id), ("company_id", "=", self.company.id),
        ])
        return value.benefit_index if "benefit_index" in value._fields else False

    def _story(self):
        # On the phone.
        need = self._as(self.seller, self.env["customer.need"]).create({
            "company_id": self.company.id, "partner_id": self.anna.partner_id.id, "type_id": self.need_type.id,
            "words": "The line fails every week", "importance": 5,
        })
        before = self._index()
        goal = self._as(self.seller, self.env["customer.benefit.goal"]).create({
            "company_id": self.company.id, "partner_id": self.anna.partner_id.id, "metric_id": self.faults.id,
            "baseline": 40.0, "target": 10.0, "need_id": need.id,
            "date_start": self._month(12)[0], "date_target": self._month(-6)[0],
        })
        type(self).goal = goal.sudo(False).with_env(self.env)
        # Twelve months from a file, all of them as good: 40 - 20 faults, each worth 10.
        records = self.env["customer.benefit.record"]
        for ago in range(12, 0, -1):
            records |= self._record(ago, 20.0, source="import")
        after = self._index()
        if "benefit_index" in self.env["customer.value"]._fields:
            self.assertGreater(after, before)
        self.assertEqual(sum(records.mapped("gain")), 2400.0)
        self.start_tour("/my", "customer_benefit_portal_tour", login="line_anna")
        self.env.invalidate_all()
        contested = records.filtered(lambda record: record.state == "contested")
        self.assertEqual(contested.mapped("contest_words"), ["Two of them were planned"])
        self.assertEqual(records.filtered(lambda record: record.state == "confirmed").mapped("gain"), [200.0])
        self.assertEqual(sum(records.filtered("counts").mapped("gain")), 2200.0)
        self.assertEqual(contested.activity_ids.user_id, self.seller)
        self.assertEqual(
            self.env["customer.need"].search(
                [("source", "=", "portal"), ("company_id", "=", self.company.id)]
            ).words, "Somebody must answer at night"
        )
        wizard = self._as(self.seller, self.env["customer.benefit.settlement"]).create({
            "record_id": contested.id, "outcome": "corrected", "value": 18.0, "words": "You are right: 18 it is.",
        })
        wizard.action_settle()
        self.assertEqual((contested.state, contested.gain, contested.activity_ids.ids), ("reported", 220.0, []))
        self.assertEqual(sum(records.filtered("counts").mapped("gain")), 2420.0)
        self._login(self.anna)
        self.assertIn("You are right: 18 it is.", self._page("/my/benefit"))

    def test_story(self):
        self._story()


@tagged("post_install", "-at_install")
class TestBenefitPhoneTour(TestBenefitTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
