import random

from odoo.tests import tagged

from ...models.offer import customer_product_upgrade
from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferBetter(OfferCase):
    """Up-sell: what customers of the same product moved on to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["product.category"].create({"name": "Cards"})
        cls.basic, cls.silver, cls.gold = (
            cls._products(name, list_price=price, categ_id=category.id)
            for name, price in (("Basic", 10.0), ("Silver", 20.0), ("Gold", 30.0))
        )
        cls.customers = cls._customers(20)
        # 7 of 12 moved on to gold, and 5 of them by way of nothing else; two bought basic again after that.
        for place, customer in enumerate(cls.customers[:12]):
            cls._buy(customer, cls.basic, 300)
            if place < 9:
                cls._buy(customer, cls.gold, 200)
            if place >= 7:
                cls._buy(customer, cls.basic, 100)
        cls.customer = cls.customers[12]
        cls._buy(cls.customer, cls.basic, 50)
        cls.upgrades = cls.env["customer.product.upgrade"]
        cls._count()

    @classmethod
    def _count(cls):
        cls.upgrades._count_upgrades(cls.company)
        cls.env.invalidate_all()

    def _counted(self):
        return {
            (row.product_id, row.better_id): (row.moved, row.customers)
            for row in self.upgrades.search([("company_id", "=", self.company.id)])
        }

    def _offers(self, customer=None, user=None):
        customer = (customer or self.customer).with_user(user or self.seller).with_company(self.company)
        return customer.get_offers()["offers"]

    def test_who_moved_on(self):
        """Whoever bought the first product again did not move on; the other way round it is cheaper."""
        self.assertEqual(self._counted(), {(self.basic, self.gold): (7, 13)})

    def test_reason(self):
        (offer,) = self._offers()
        self.assertEqual(
            (offer["name"], offer["is_better"], offer["reason"]),
            ("Gold", True, "7 of 13 customers who bought “Basic” moved on to this."),
        )
        # Wilson's interval of 7 of 13 begins at .2914.
        self.assertEqual(offer["confidence_help"], "At least 29 of 100 customers who have that product move on.")

    def test_of_one_category_only(self):
        self.gold.categ_id = self.env["product.category"].create({"name": "Other"})
        self._count()
        self.assertEqual(self._counted(), {})

    def test_fewest_customers(self):
        self.company.offer_least_in_common = 8
        self.assertEqual(self._offers(), [])
        for place in (0, 1, 2):
            self._buy(self.customers[place], self.basic, 90)
        self._count()
        self.assertEqual(self._counted(), {}, "four moved")

    def test_brought_back(self):
        for place in (0, 1, 2):
            self._buy(self.customers[place], self.gold, 90, amount=-100.0)
        self._count()
        self.assertEqual(self._counted(), {})

    def test_most_go_on_with_the_first_one(self):
        """7 of 15 who have both: the other one is no better one, but something else."""
        for customer in self.customers[13:19]:
            self._buy(customer, self.gold, 200)
            self._buy(customer, self.basic, 100)
        self._count()
        self.assertEqual(self._counted(), {})

    def test_lately(self):
        """Of those who bought gold less than 90 days ago nobody knows yet."""
        for place, customer in enumerate(self.customers[13:20]):
            self._buy(customer, self.basic, 120)
            self._buy(customer, self.silver, 89 + (place < 4))
        self._count()
        self.assertEqual(self._counted(), {(self.basic, self.gold): (7, 20)}, "four moved to silver")
        self._buy(self.customers[12], self.silver, 40)
        self.patch(customer_product_upgrade, "QUIET_DAYS", 40)
        self._count()
        self.assertEqual(self._counted()[self.basic, self.silver], (8, 20))

    def test_who_has_it(self):
        self._buy(self.customer, self.gold, 20)
        self.assertEqual(self._offers(), [])

    def test_first_and_once(self):
        """It stands before what only goes with it, and not twice."""
        for customer in self.customers[:12]:
            self._buy(customer, self.silver, 150)
        self._night()
        self.assertEqual([(offer["name"], offer["is_better"]) for offer in self._offers()], [
            ("Gold", True), ("Silver", False),
        ])

    def test_one_click(self):
        self.customer.with_user(self.seller).action_offer_quotation(self.gold.id)
        self.assertRecordValues(self.offers.search([("commercial_partner_id", "=", self.customer.id)]), [{
            "product_id": self.gold.id, "because_id": self.basic.id, "in_common": 7, "customers": 13,
        }])
        self.assertEqual(self._offers(), [])

    def test_upset_or_of_a_colleague(self):
        self.customer.user_id = self.manager
        self.assertEqual(self._offers(), [])
        self.assertEqual(len(self._offers(user=self.manager)), 1)
        self.customer.sudo().write({"relationship_broken_on": self.today, "relationship_broken_reason": "Late"})
        self.assertEqual(self._offers(user=self.manager), [])

    def test_as_by_brute_force(self):
        draw = random.Random(5)
        category = self.env["product.category"].create({"name": "Steps"})
        steps = [
            self._products(f"Step {place}", list_price=10.0 + place, categ_id=category.id) for place in range(4)
        ]
        bought = {}
        for customer in self._customers(60):
            for place, step in enumerate(steps):
                latest = max(1, 350 - 120 * place)
                days = draw.sample(range(latest, latest + 170), draw.choice((0, 1, 1, 2)))
                for ago in days:
                    self._buy(customer, step, ago)
                if days:
                    bought[customer, step] = (max(days), min(days))
        self._count()
        expected = {}
        for place, step in enumerate(steps):
            total = sum(1 for customer, other in bought if other == step)
            for better in steps[place + 1:]:
                both = [
                    (bought[customer, better][0], last) for (customer, other), (_first, last) in bought.items()
                    if other == step and (customer, better) in bought
                ]
                moved = sum(1 for first, last in both if 90 <= first < last)
                if moved >= max(5, len(both) / 2):
                    expected[step, better] = (moved, total)
        self.assertTrue(expected)
        self.assertEqual(
            {pair: counts for pair, counts in self._counted().items() if pair[0] in steps}, expected
        )
