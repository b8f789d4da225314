from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...engine.value.cut_points import RANKED_FROM, RANKED_UNTIL
from ..common import CustomerValueCase

RANKED = (
    "recency_score", "frequency_score", "monetary_score", "rfm_segment", "value_class", "current_value_score",
    "future_value_score", "potential_class", "value_matrix", "value_to_us", "value_index", "current_value_points",
    "loyalty_points", "bounds_points",
)


@tagged("post_install", "-at_install")
class TestFewCustomers(CustomerValueCase):
    """Under twenty buyers nobody is compared with anybody; money and rhythm show all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._compare_from(RANKED_FROM, RANKED_UNTIL)
        cls.customers = [cls._partner(f"Customer {number}") for number in range(20)]
        cls.orders = []
        for number, customer in enumerate(cls.customers):
            cls._order(customer, 60 + number, 50.0, cost=20.0)
            cls.orders.append(cls._order(customer, 30 + number, 100.0 + number, cost=60.0))

    def _buyers(self, number):
        """Let so many customers be buyers, and recompute."""
        for position, customer in enumerate(self.customers):
            orders = self.env["sale.order"].search([("partner_id", "=", customer.id)])
            orders.state = "sale" if position < number else "cancel"
        return self._recompute()

    def _is_ranked(self):
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        known = {name for name in RANKED for value in values if value[name] is not False}
        if known:
            self.assertLessEqual({"value_index", "value_class", "rfm_segment"}, known, "all of it, or nothing")
        return bool(known)

    def test_limits(self):
        """From twenty on; and then until there are fewer than fifteen."""
        self.assertEqual((RANKED_FROM, RANKED_UNTIL), (20, 15))
        for buyers, ranked in ((1, False), (19, False), (20, True), (15, True), (14, False), (19, False)):
            with self.subTest(buyers):
                run = self._buyers(buyers)
                self.assertEqual((run.cut_points["active"], run.cut_points["ranked"]), (buyers, ranked))
                self.assertEqual(self._is_ranked(), ranked)

    def test_only_customer(self):
        """One order of $ 100: no class A, no index of 62.5; what is known of them is there."""
        run = self._buyers(1)
        text = "Too few customers to compare yet: 1 of 20"
        self.assertIn(text, run.warning)
        value = self._value(self.customers[0])
        for name in RANKED:
            self.assertIs(value[name], False, name)
        self.assertEqual(value.ranking_note, text)
        self.assertEqual(value.explanation["note"], text)
        self.assertEqual((value.revenue_12m, value.margin_12m, value.order_count), (150.0, 70.0, 2))
        self.assertEqual(value.typical_gap, 30.0)
        self.assertEqual(value.days_since_purchase, 30)
        self.assertEqual(value.get_story()["inputs"], {})
        self.assertEqual(value.get_board_note(), text)

    def test_same_for_some_customers_as_for_all(self):
        """A purchase does not rank the twentieth customer before the nightly run does, nor unrank the others."""
        self._buyers(19)
        last = self.customers[19]
        self.env["sale.order"].search([("partner_id", "=", last.id)]).state = "sale"
        self._recompute(partners=last)
        self.assertIs(self._value(last).value_index, False)
        self.assertTrue(self._value(last).ranking_note)
        self._recompute()
        self.assertTrue(self._is_ranked())
        self.assertFalse(self._value(last).ranking_note)

    def test_unknown_index_meets_no_threshold(self):
        """A stage that asks for an index of 1 holds nobody of whom none is known, and everybody later."""
        stages = self.env["customer.lifecycle.stage"]
        stages.search([]).active = False
        best = stages.create({"name": "Best", "rule_sequence": 1, "index_from": 1.0})
        rest = stages.create({"name": "Rest", "rule_sequence": 2})
        self._buyers(19)
        self.assertEqual(self._value(self.customers[0]).lifecycle_stage_id, rest)
        self._buyers(20)
        self.assertEqual(self._value(self.customers[19]).lifecycle_stage_id, best)

    def test_unknown_index_moves_nobody(self):
        """Nobody leaves a stage because the company has too few customers to compare; silence still tells."""
        stages = self.env["customer.lifecycle.stage"]
        stages.search([]).active = False
        silent = stages.create({"name": "Silent", "rule_sequence": 1, "purchases": "bought", "silence_days_from": 40})
        best = stages.create({
            "name": "Best", "rule_sequence": 2, "purchases": "bought", "silence_days_to": 40, "index_from": 1.0,
        })
        rest = stages.create({"name": "Rest", "rule_sequence": 3})
        self._buyers(20)
        first, late = self.customers[0], self.customers[10]
        for customer, stage in ((first, best), (late, silent), (self.customers[9], best)):
            self.assertEqual(self._value(customer).lifecycle_stage_id, stage)
        self._buyers(14)
        self.assertFalse(self._is_ranked())
        self.assertEqual(self._value(first).lifecycle_stage_id, best, "nothing is known against it")
        self.assertEqual(self._value(late).lifecycle_stage_id, silent)
        self.env["sale.order"].search([("partner_id", "=", first.id)]).date_order = f"{self._day(45)} 12:00:00"
        self._recompute()
        self.assertEqual(self._value(first).lifecycle_stage_id, silent)
        self.env["sale.order"].search([("partner_id", "=", first.id)]).date_order = f"{self._day(30)} 12:00:00"
        self._recompute()
        self.assertEqual(self._value(first).lifecycle_stage_id, rest, "an unknown index brings nobody into a stage")
        self._buyers(20)
        self.assertEqual(self._value(first).lifecycle_stage_id, best)

    def test_giant_return(self):
        """One customer returns ten times what all others bought: nobody else moves, and nothing is out of bounds."""
        for number, customer in enumerate(self.customers):
            self._order(customer, 400 + number, 140.0, cost=80.0)
        self._buyers(20)
        others = self._value(self.customers[0])
        for customer in self.customers[1:19]:
            others |= self._value(customer)
        names = ("development_index", "value_index", "value_class")
        before = {value: [value[name] for name in names] for value in others}
        self.assertTrue(all(value.has_development for value in others))
        returner = self.customers[19]
        self._order(returner, 1, -30000.0, cost=-18000.0)
        self._recompute()
        for value, (development, index, value_class) in before.items():
            self.assertAlmostEqual(value.development_index, development, delta=3)
            # One of twenty has no value in the period any more: the others' ranks move by a twentieth.
            self.assertAlmostEqual(value.value_index, index, delta=5)
            self.assertLessEqual(value.value_class, value_class)
        value = self._value(returner)
        self.assertEqual((value.value_class, value.current_value_score, value.value_at_risk), (False, 0.0, 0.0))
        self.assertEqual(value.revenue_trend, "down")
        self.assertGreaterEqual(value.value_index, 0)
        self.assertLess(value.revenue_12m, -29000)

    def test_two_days_old(self):
        """A company of two days and two customers, one of whom returned everything."""
        company = self._make_company("Two Days")
        first, second = self._partner("First"), self._partner("Second")
        self._order(first, 1, 100.0, company=company)
        self._order(second, 0, 50.0, company=company)
        self._order(second, 0, -50.0, company=company)
        run = self._recompute(company)
        self.assertEqual(run.state, "done")
        for partner in (first, second):
            value = self._value(partner, company)
            self.assertIs(value.value_index, False)
            self.assertFalse(value.value_class)

    def test_the_board_says_so(self):
        """One line above it for salespeople, too, and nothing before anybody has bought."""
        seller = new_test_user(
            self.env, "few_seller", groups="sales_team.group_sale_salesman", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        board = self.env["customer.value"].with_user(seller)
        self.assertFalse(board.get_board_note())
        self._buyers(3)
        self.assertEqual(board.get_board_note(), "Too few customers to compare yet: 3 of 20")
        with self.assertRaises(AccessError):
            board.with_user(new_test_user(self.env, "few_clerk", groups="base.group_user")).get_board_note()
