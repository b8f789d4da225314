import random
from itertools import permutations
from math import sqrt
from unittest.mock import patch

from odoo.tests import tagged

from ...engine.offer import neighbours
from ...models.offer.customer_offer_portal import ON_PORTAL
from ...models.value.customer_value_next_action import Asked
from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferCategory(OfferCase):
    """Products that come and go: what is offered by their categories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shoes, cls.socks, cls.hats = cls.env["product.category"].create([
            {"name": name} for name in ("Shoes", "Socks", "Hats")
        ])
        # Each pair of shoes is bought once, and never again.
        cls.buyers = cls._customers(14)
        cls.wool, cls.silk = cls._products("Wool Socks", "Silk Socks", categ_id=cls.socks.id)
        cls.cap = cls._products("Cap", categ_id=cls.hats.id)
        for place, customer in enumerate(cls.buyers):
            cls._buy(customer, cls._shoe(place))
            # 9 of the 14 bought socks: 5 of them wool lately, 6 silk long ago, 2 of these both.
            if place < 5:
                cls._buy(customer, cls.wool, ago=20)
            if 3 <= place < 9:
                cls._buy(customer, cls.silk, ago=200)
            if place < 4:
                cls._buy(customer, cls.cap, ago=20)
        cls.customer = cls._customers(1)
        cls.customer.user_id = cls.seller
        cls._buy(cls.customer, cls._shoe("new"))
        cls._night()
        cls.categories = cls.env["customer.category.neighbour"]

    @classmethod
    def _shoe(cls, name):
        return cls._products(f"Shoe {name}", categ_id=cls.shoes.id)

    def _near(self):
        return {
            (row.category_id.id, row.other_id.id): (round(row.score, 12), row.in_common, row.customers)
            for row in self.categories.search([("company_id", "=", self.company.id)])
        }

    def test_categories_that_go_together(self):
        """9 of 15 customers of shoes bought socks; 4 bought hats, which is chance."""
        self.assertFalse(self._counted(), "no two products go together")
        score = round(9 / sqrt(15 * 9), 12)
        self.assertEqual(self._near(), {
            (self.shoes.id, self.socks.id): (score, 9, 9), (self.socks.id, self.shoes.id): (score, 9, 15),
        })

    def test_reason(self):
        """Of socks, what most bought in the last 90 days; at least 36 of 100 by Wilson's interval of 9 of 15."""
        [proposal] = self._best_of(self.customer)
        self.assertEqual(
            (proposal.product_id, proposal.because_id, proposal.because_category_id),
            (self.wool.id, False, self.shoes.id),
        )
        self.assertEqual(
            proposal.reason,
            "9 of 15 customers who bought “Shoes” also bought “Socks”. This is what most customers buy of it at "
            "present.",
        )
        self.assertAlmostEqual(proposal.confidence, 0.3575, 3)
        self.assertIs(proposal.expected_margin, False)
        panel = self.offers.with_user(self.seller)._panel(self.customer, self.company)
        self.assertEqual(
            panel["offers"][0]["confidence_help"],
            "At least 35 of 100 customers who buy from the one category buy from the other one too.",
        )

    def test_what_nobody_buys_lately_is_not_offered(self):
        """Four customers are chance, and would tell of single ones; older purchases tell nothing of today."""
        purchase = self.env["customer.purchase.history"].sudo().search([
            ("partner_id", "=", self.buyers[0].id), ("line_ids.product_id", "=", self.wool.id),
        ])
        purchase.unlink()
        self._night()
        counted = self.env["customer.product.buyers"].search([("company_id", "=", self.company.id)])
        self.assertEqual(counted.product_id, self.silk, "four customers of wool")
        self.assertEqual(counted.recent_customers, 0)
        self.assertEqual(self._best_of(self.customer), [])

    def test_what_most_buy_lately_is_offered(self):
        cotton = self._products("Cotton Socks", categ_id=self.socks.id)
        self._together(6, cotton)
        self._night()
        self.assertEqual(self._best_products(self.customer), [cotton.id])

    def test_after_products_and_optional_ones(self):
        """What products say comes first; a product is offered once."""
        belt, laces = self._products("Belt", "Laces", categ_id=self.hats.id)
        own = self._shoe("own")
        own.optional_product_ids = laces.product_tmpl_id
        self._together(6, own, belt)
        self._buy(self.customer, own)
        self._night()
        self.assertEqual(self._best_products(self.customer, 4), [belt.id, laces.id, self.wool.id])
        self.assertEqual(self._best_products(self.customer, 2), [belt.id, laces.id])
        own.optional_product_ids = self.wool.product_tmpl_id
        self.assertEqual(self._best_products(self.customer, 4), [belt.id, self.wool.id])

    def test_category_that_they_know_is_not_offered(self):
        """Bought, quoted, complained about, or refused: any product of it."""
        self._buy(self.customer, self.silk, ago=300)
        self.assertEqual(self._best_of(self.customer), [])
        other = self._customers(1)
        other.user_id = self.seller
        self._buy(other, self._shoe("other"))
        offer = self.offers.with_user(self.seller)._offer(other, self._best_of(other))
        self.assertRecordValues(offer.sudo(), [{
            "product_id": self.wool.id, "because_id": False, "because_category_id": self.shoes.id, "in_common": 9,
            "customers": 15, "expected_margin": False,
        }])
        offer._refuse("need")
        self.assertEqual(self._best_of(other), [])

    def test_not_on_the_portal(self):
        self.wool.product_tmpl_id.is_offered_on_portal = True
        self.assertEqual(self.offers.sudo()._customer_best(self.customer, self.company), [])
        self.assertEqual(self.offers.with_context(**{ON_PORTAL: True})._category_choice(self.company, None, None), [])

    def test_what_cannot_be_sold_is_not_offered(self):
        self.wool.product_tmpl_id.sale_ok = False
        self.assertEqual(self._best_of(self.customer), [])

    def test_products_without_category(self):
        self._buy(self.customer, self._products("Loose", categ_id=False))
        for product in (self.wool | self.silk).product_tmpl_id:
            product.categ_id = False
        self._night()
        self.assertEqual(self._near(), {})
        self.assertEqual(self._best_of(self.customer), [])

    def test_category_is_deleted(self):
        offer = self.offers.with_user(self.seller)._offer(self.customer, self._best_of(self.customer))
        self.env["product.product"].search([("categ_id", "=", self.shoes.id)]).categ_id = self.hats
        self.shoes.unlink()
        self.assertFalse(offer.exists().because_category_id)
        self._night()
        self.assertEqual(self._near().keys(), {(self.hats.id, self.socks.id), (self.socks.id, self.hats.id)})

    def test_companies_apart(self):
        other = self._make_company("Offer Category Company")
        for customer in self._customers(6):
            self._buy(customer, self.cap, company=other)
            self._buy(customer, self.wool, company=other)
        before = self._near()
        self._night()
        self.assertEqual(self._near(), before)
        self.near._count_neighbours(other)
        self.assertEqual(self._near(), before)
        self.assertEqual(len(self.categories.search([("company_id", "=", other.id)])), 2)
        self.assertFalse(self.categories.with_user(self.seller).search([("company_id", "=", other.id)]))

    def test_as_by_brute_force(self):
        """On random baskets, night after night; rows that stay are not written."""
        draw = random.Random(5)
        names = [f"C{number}" for number in range(8)]
        groups = self.env["product.category"].create([{"name": name} for name in names])
        customers, bought = self._customers(40), {}
        self.env["customer.purchase.history"].sudo().search([("company_id", "=", self.company.id)]).unlink()
        for night in range(2):
            for customer in customers[night * 20:]:
                for place, group in enumerate(groups):
                    if draw.random() < 0.8 / (1 + place / 4):
                        product = self._products(f"{night} {customer.id} {group.id}", categ_id=group.id)
                        self._buy(customer, product, ago=draw.randrange(1, 300))
                        bought.setdefault(group.id, set()).add(customer.id)
            self._night()
            expected = {}
            for one, other in permutations(bought, 2):
                both = len(bought[one] & bought[other])
                if both >= neighbours.LEAST_IN_COMMON:
                    score = both / sqrt(len(bought[one]) * len(bought[other]))
                    expected[one, other] = (round(score, 12), both, len(bought[other]))
            self.assertGreater(len(expected), 20)
            self.assertEqual(self._near(), expected)
        rows = "SELECT category_id, other_id, ctid::text FROM customer_category_neighbour WHERE company_id = %s"
        self.env.cr.execute(rows, [self.company.id])
        before = set(self.env.cr.fetchall())
        self._night()
        self.env.cr.execute(rows, [self.company.id])
        self.assertEqual(set(self.env.cr.fetchall()), before)

    # ---- at night, and on the list of the day --------------------------------------------------

    def _propose(self, customers):
        self.env["customer.value"].sudo().create([
            {"company_id": self.company.id, "partner_id": customer.id, "last_purchase_date": self._day(10)}
            for customer in customers
        ])
        proposals = self.env["customer.offer.proposal"]
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            proposals._propose(self.company)
        self.env.invalidate_all()
        return proposals.search([("partner_id", "in", customers.ids)]).sorted(lambda proposal: proposal.partner_id.id)

    def test_night_proposes_as_the_form(self):
        """By products where these go together, by categories for the others."""
        desk, lamp = self._products("Desk", "Lamp", categ_id=False)
        self._together(6, desk, lamp)
        both = self._customers(2)
        self._buy(both[0], desk)
        self._buy(both[1], self._shoe("one more"))
        self._night()
        customers = self.customer | both
        found = self._propose(customers)
        self.assertRecordValues(found, [
            {"partner_id": customer.id, "product_id": best.product_id, "because_id": best.because_id,
             "because_category_id": best.because_category_id, "in_common": best.in_common, "customers": best.customers}
            for customer in customers.sorted("id") for best in self._best_of(customer, 1)
        ])
        self.assertEqual(found.mapped("because_id"), desk)
        self.assertEqual(found.because_category_id, self.shoes)

    def test_next_action(self):
        self._propose(self.customer)
        values = self.env["customer.value"]
        self.env.flush_all()
        [row] = self.env.execute_query_dict(values._offer_action_sql(
            Asked(self.company.id, self.today, self.customer.ids)
        ))
        self.assertIsNone(row["worth"])
        words = values._offer_words(row["facts"])
        self.assertEqual(
            words.why, "9 of 15 customers who bought “Shoes” also bought “Socks”; of it, most buy “Wool Socks”."
        )
