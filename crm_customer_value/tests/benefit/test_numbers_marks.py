from odoo.tests import tagged

from ..benefit_case import BenefitCase


@tagged("post_install", "-at_install")
class TestBenefitMarks(BenefitCase):
    """Whatever says something about what a customer gains has their value computed anew within a minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._buyer("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)

    def _marks(self, change):
        self._clear_marks()
        result = change()
        self.env.flush_all()
        self.assertIn(self.customer, self.env["res.partner"].browse(self._marked()).commercial_partner_id)
        return result

    def test_records(self):
        goal = self._goal(self.contact)
        record = self._marks(lambda: self._record(self.contact, 50.0))
        for values in (
            {"value": 40.0}, {"baseline": 90.0, "correction_reason": "Counted again"}, {"state": "confirmed"},
            {"state": "contested"}, {"is_checked": True}, {"unit": "boxes"}, {"date_to": self._day(9)},
            {"goal_id": goal.id},
        ):
            with self.subTest(values):
                self._marks(lambda values=values: record.write(values))
        self._clear_marks()
        record.note = "Seen on the screen"
        self.assertFalse(self._marked())
        self._marks(record.unlink)

    def test_goals(self):
        goal = self._marks(lambda: self._goal(self.contact))
        for values in (
            {"target": 40.0}, {"baseline": 90.0, "baseline_reason": "Counted again"}, {"date_start": self._day(200)},
            {"date_target": self._day(-9)}, {"is_proposal": True}, {"active": False},
        ):
            with self.subTest(values):
                self._marks(lambda values=values: goal.write(values))
        self._clear_marks()
        goal.plan = "Call every week"
        self.assertFalse(self._marked())
        self._marks(goal.unlink)

    def test_needs(self):
        need = self._marks(lambda: self._need(self.contact))
        for values in (
            {"state": "met"}, {"importance": 2}, {"is_guess": True}, {"date": self._day(40)}, {"active": False},
            {"type_id": self.objection_type.id},
        ):
            with self.subTest(values):
                self._marks(lambda values=values: need.write(values))
        self._clear_marks()
        need.words = "Day and night"
        self.assertFalse(self._marked())
        self._marks(need.unlink)

    def test_ratings(self):
        complaint = self._complain(self.contact)
        rating = self._marks(lambda: self._rate(complaint, 4))
        self._marks(lambda: rating.write({"partner_id": self.customer.id}))

    def test_owner_changes(self):
        """What goes from one customer to another concerns both."""
        other = self._buyer("Other")
        need = self._need(self.contact)
        self._clear_marks()
        need.partner_id = other
        self.assertLessEqual({self.customer.id, other.id}, self._marked())

    def test_metrics(self):
        """All customers with records or goals of it, in every company; their gains are those of now."""
        record, other, aiming = self._record(self.contact, 50.0), self._buyer("Other"), self._buyer("Aiming")
        self._record(other, 50.0, metric=self._metric("Another"))
        goal = self._goal(aiming)
        for values, gain in (
            ({"money_per_unit": 20.0}, 1000.0), ({"period": "year"}, None), ({"weight": 2.0}, None),
            ({"direction": "higher"}, None), ({"currency_id": self.eur.id}, None), ({"unit": "boxes"}, None),
        ):
            with self.subTest(values):
                # Only what nobody aims at any more turns round.
                goal.active = "direction" not in values
                self._clear_marks()
                self.metric.write(values)
                self.assertEqual(self._marked(), {self.customer.id, aiming.id})
                if gain:
                    self.assertEqual(record.gain, gain)
        self._clear_marks()
        self.metric.name = "Test: renamed"
        self.assertFalse(self._marked())

    def _work(self):
        """Let the scheduled action do its work."""
        self.env.cr.precommit.run()
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_value.ir_cron_customer_value_work").method_direct_trigger()
        self.env.invalidate_all()

    def test_within_a_minute(self):
        """The scheduled action brings the value up to what was written."""
        self._recompute()
        self._clear_marks()
        record = self._record(self.contact, 0.0)
        self._work()
        self.assertEqual(self._value(self.customer).benefit_gain_12m, 1000.0)
        self.metric.money_per_unit = 30.0
        self._work()
        self.assertEqual(self._value(self.customer).benefit_gain_12m, 3000.0)
        record.state = "contested"
        self._work()
        self.assertIs(self._value(self.customer).benefit_gain_12m, False)
