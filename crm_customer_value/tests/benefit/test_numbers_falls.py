from odoo.tests import tagged

from ..benefit_case import BenefitCase


@tagged("post_install", "-at_install")
class TestBenefitFalls(BenefitCase):
    """The day on which a customer began to gain less is kept, for as long as it lasts."""

    def _fell(self, customer, days):
        return self._now(customer, "benefit_fell_on", as_of=self._day(days))

    def test_fall_rise_and_second_fall(self):
        """The limit is 40: 66.7 while the need is met, 33.3 while it is open."""
        customer = self._buyer("Up and down", days=200)
        need = self._need(customer, "met", days=100)
        self.assertIs(self._fell(customer, 90), False)
        self._become(need, "open", 80)
        self.assertEqual(self._fell(customer, 80), self._day(80))
        self.assertEqual(self._fell(customer, 70), self._day(80))
        # Twice on one day, and once more for this customer alone.
        self.assertEqual(self._fell(customer, 70), self._day(80))
        self.assertEqual(
            self._now(customer, "benefit_fell_on", as_of=self._day(70), partners=customer), self._day(80)
        )
        self._become(need, "met", 60)
        self.assertIs(self._fell(customer, 60), False)
        self._become(need, "open", 40)
        self.assertEqual(self._fell(customer, 39), self._day(39))
        self.assertEqual(self._fell(customer, 0), self._day(39))

    def test_never_above_is_no_fall(self):
        customer = self._buyer("Low from the start")
        self._need(customer)
        self.assertEqual(self._now(customer, "benefit_index", "benefit_fell_on"), (33.3, False))

    def test_not_known_for_a_while(self):
        """Empty while nothing is known; and what was above before, and is below then, has fallen."""
        customer = self._buyer("Gap", days=200)
        need = self._need(customer, "met", days=100)
        self._fell(customer, 90)
        need.active = False
        self.assertIs(self._fell(customer, 80), False)
        need.active = True
        self._become(need, "open", 70)
        self.assertEqual(self._fell(customer, 60), self._day(60))
        need.active = False
        self.assertIs(self._fell(customer, 50), False)

    def test_limit_changes(self):
        """Another limit is no fall: nobody began to gain less."""
        customer = self._buyer("Fifty", days=200)
        self._need(customer, "partly", days=100)
        self.assertEqual(self._now(customer, "benefit_index", as_of=self._day(20)), 50.0)
        self.policy._renew({"benefit_index_limit": 60.0})
        self.assertIs(self._fell(customer, 10), False)
        policy = self.env["customer.value.policy"]._get_active(self.company)
        policy._renew({"benefit_index_limit": 40.0})
        self.assertIs(self._fell(customer, 5), False)

    def test_value_delivered(self):
        """The limit is 50 %: half of the way is no fall, and less is."""
        customer = self._buyer("Goal", days=200)
        goal = self._goal(customer, start=150)
        for days, value in ((100, 75.0), (80, 80.0), (60, 60.0), (40, 90.0)):
            self._record(customer, value, days, goal_id=goal.id)
        for days, fell in ((100, False), (81, False), (80, 80), (70, 80), (60, False), (40, 40), (0, 40)):
            self.assertEqual(
                self._now(customer, "delivered_fell_on", as_of=self._day(days)), fell and self._day(fell), days
            )
        self.assertEqual(
            self.env["customer.value"].search([
                ("company_id", "=", self.company.id), ("delivered_fell_on", "!=", False),
            ]).partner_id, customer,
        )

    def test_looking_back(self):
        """A look at an earlier day tells no fall, forgets none, and makes none when today comes again."""
        customer = self._buyer("History", days=200)
        need = self._need(customer, "met", days=100)
        self._fell(customer, 50)
        self._become(need, "open", 20)
        self.assertEqual(self._fell(customer, 20), self._day(20))
        self.assertEqual(self._now(customer, "benefit_index", as_of=self._day(60)), 66.7)
        self.assertEqual(self._fell(customer, 10), self._day(20))
        self.assertEqual(self._fell(customer, 0), self._day(20))
