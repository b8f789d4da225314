import random
from unittest.mock import patch

from odoo import Command
from odoo.fields import Date
from odoo.tests import tagged

from ...engine.care import held_out
from ...engine.offer import neighbours
from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferBest(OfferCase):
    """What is offered to a customer, and what is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp, cls.chair = cls._products("Desk", "Lamp", "Chair")
        # 9 of the 14 who have a desk have a lamp; 6 have a chair.
        cls.both = cls._together(6, cls.desk, cls.lamp, cls.chair)
        cls.lit = cls._together(3, cls.desk, cls.lamp)
        cls.plain = cls._together(4, cls.desk)
        cls.customer = cls._customers(1)
        cls._buy(cls.customer, cls.desk)
        cls._night()

    def test_reason(self):
        lamp, chair = self._best_of(self.customer)
        self.assertEqual((lamp.product_id, chair.product_id), (self.lamp.id, self.chair.id))
        self.assertEqual(lamp.reason, "9 of 14 customers who bought “Desk” also bought this.")
        self.assertEqual((lamp.because_id, lamp.in_common, lamp.customers), (self.desk.id, 9, 14))
        # Wilson's interval of 9 of 14.
        self.assertAlmostEqual(lamp.confidence, 0.3876, 4)
        self.assertIs(lamp.expected_margin, False, "nobody knows what it costs")

    def test_expected_margin(self):
        """Five orders, each with a margin of 60; 9 of 14 buy it: 38.57."""
        for customer in self.both[:5]:
            self._order(customer, 5, 100.0, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 1, "price_unit": 100.0, "purchase_price": 40.0,
                "tax_ids": False,
            })])
        self.assertEqual(self._best_of(self.customer)[0].expected_margin, 38.57)

    def test_expected_margin_in_company_currency(self):
        """Five orders in a currency of which one gets two, each with a margin of 60 of these: 9 of 14 times 30."""
        currency = self.env["res.currency"].create({
            "name": "OFR", "symbol": "o", "rounding": 0.01,
            "rate_ids": [Command.create({"name": "2000-01-01", "rate": 2.0, "company_id": self.company.id})],
        })
        pricelist = self.env["product.pricelist"].create({
            "name": "Abroad", "currency_id": currency.id, "company_id": self.company.id,
        })
        for customer in self.both[:5]:
            self._order(customer, 5, 100.0, pricelist_id=pricelist.id, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 1, "price_unit": 100.0, "purchase_price": 40.0,
                "tax_ids": False,
            })])
        self.assertEqual(self._best_of(self.customer)[0].expected_margin, 19.29)

    def test_as_by_brute_force(self):
        """Points are the scores of what they have, summed up over the best neighbours of each product."""
        draw = random.Random(3)
        products = self._products(*(f"P{number}" for number in range(14)))
        customers = self._customers(50)
        bought = {}
        for customer in customers:
            chosen = [product for place, product in enumerate(products) if draw.random() < 0.8 / (1 + place / 6)]
            for product in chosen:
                self._buy(customer, product, ago=draw.randrange(1, 300))
            bought[customer.id] = {product.id for product in chosen}
        with patch.dict(neighbours.neighbours_of.__kwdefaults__, {"best": 5}):
            self._night()
        rows = self._counted()
        found = self.offers._best(customers, 4, self.company)
        for customer in customers:
            mine, points = bought[customer.id], {}
            for (product, other), (score, *_counts) in rows.items():
                if other in mine and product not in mine:
                    points.setdefault(product, []).append((score, -other))
            totals = {product: sum(score for score, _other in scores) for product, scores in points.items()}
            expected = sorted(totals, key=lambda product: (-round(totals[product], 9), product))[:4]
            self.assertEqual(
                [(proposal.product_id, proposal.because_id) for proposal in found[customer.id]],
                [(product, -max(points[product])[1]) for product in expected],
            )

    def test_what_the_family_has_is_not_offered(self):
        contact = self._partner("Of the Customer", parent_id=self.customer.id)
        self._buy(contact, self.lamp, ago=1000)
        self.assertEqual(self._best_products(contact), [self.chair.id])

    def test_what_was_brought_back_is_not_offered(self):
        self._buy(self.customer, self.lamp)
        self._buy(self.customer, self.lamp, amount=-100.0)
        self.assertEqual(self._best_products(self.customer), [self.chair.id])

    def test_who_brought_everything_back_has_nothing(self):
        self._buy(self.customer, self.desk, amount=-100.0)
        self.assertEqual(self._best_products(self.customer), [])

    def test_what_they_complained_about_is_not_offered(self):
        self.env["customer.complaint"].create({
            "name": "The lamp flickers", "description": "<p>All the time.</p>", "partner_id": self.customer.id,
            "company_id": self.company.id, "product_id": self.lamp.id,
        })
        self.assertEqual(self._best_products(self.customer), [self.chair.id])

    def test_what_was_quoted_is_not_offered(self):
        quotation = self._order(self.customer, 1, 100.0, state="draft", order_line=[
            Command.create({"product_id": self.lamp.id, "product_uom_qty": 1}),
        ])
        self.assertEqual(self._best_products(self.customer), [self.chair.id])
        quotation.state = "cancel"
        self.assertEqual(self._best_products(self.customer), [self.lamp.id, self.chair.id])

    def test_other_variant_is_not_offered(self):
        attribute = self.env["product.attribute"].create({
            "name": "Colour", "value_ids": [Command.create({"name": name}) for name in ("Red", "Blue")],
        })
        template = self.env["product.template"].create({
            "name": "Rug", "type": "consu",
            "attribute_line_ids": [Command.create({
                "attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)],
            })],
        })
        red, blue = template.product_variant_ids
        self._together(6, self.desk, red)
        self._night()
        self.assertIn(red.id, self._best_products(self.customer, 5))
        self._buy(self.customer, blue)
        self.assertNotIn(red.id, self._best_products(self.customer, 5))

    def test_what_cannot_be_sold_is_not_offered(self):
        elsewhere = self._make_company("Offer Other Company")
        for change, back in (
            ({"active": False}, {"active": True}), ({"sale_ok": False}, {"sale_ok": True}),
            ({"company_id": elsewhere.id}, {"company_id": False}),
        ):
            self.lamp.sudo().product_tmpl_id.write(change)
            self.assertEqual(self._best_products(self.customer), [self.chair.id], change)
            self.lamp.sudo().product_tmpl_id.write(back)
        self.assertEqual(self._best_products(self.customer), [self.lamp.id, self.chair.id])

    def test_held_out_customers_get_nothing(self):
        customers = self._customers(40)
        for customer in customers:
            self._buy(customer, self.desk)
            self.env["customer.value"].create({"company_id": self.company.id, "partner_id": customer.id})
        self.company.care_held_out = 30.0
        with patch.object(held_out, "FEWEST_CUSTOMERS", 41):
            self.assertEqual(len(self.offers._best(customers, 1, self.company)), 40, "too few to hold anybody out")
        with patch.object(held_out, "FEWEST_CUSTOMERS", 40):
            found = self.offers._best(customers, 1, self.company)
        expected = {
            customer.id for customer in customers if held_out.place(self.company.id, customer.id) >= 0.3
        }
        self.assertTrue(0 < len(expected) < 40)
        self.assertEqual(found.keys(), expected)
        self.assertTrue(all(found.values()))

    def test_customers_of_others(self):
        self.customer.user_id = self.manager
        self.assertEqual(self._best_products(self.customer, user=self.seller), [])
        self.assertEqual(self._best_products(self.customer, user=self.manager), [self.lamp.id, self.chair.id])
        for user in (self.seller, self.env["res.users"]):
            self.customer.user_id = user
            self.assertEqual(self._best_products(self.customer, user=self.seller), [self.lamp.id, self.chair.id])

    def test_optional_products(self):
        """They are named where they are offered anyway, and fill up what is left; not those they have."""
        cable, mat = self._products("Cable", "Mat")
        self.desk.optional_product_ids = (self.lamp | cable | mat).product_tmpl_id
        self._buy(self.customer, mat)
        found = self._best_of(self.customer, 3)
        self.assertEqual([proposal.product_id for proposal in found], [self.lamp.id, self.chair.id, cable.id])
        self.assertEqual([proposal.reason for proposal in found], [
            "9 of 14 customers who bought “Desk” also bought this. It is an optional product of “Desk”.",
            "6 of 14 customers who bought “Desk” also bought this.",
            "It is an optional product of “Desk”.",
        ])
        self.assertEqual(found[2][2:7], (False, False, False, False, False))
        self.assertEqual(self._best_products(self.customer, 2), [self.lamp.id, self.chair.id])

    def test_number_and_strangers(self):
        self.assertEqual(self._best_products(self.customer, 1), [self.lamp.id])
        self.assertEqual(self._best_products(self._customers(1)), [])
        self.assertEqual(self.offers._best(self.env["res.partner"], 3, self.company), {})

    def test_due(self):
        """Every 30 days, last 28 days ago: due in two days."""
        ink, soap, tea = self._products("Ink", "Soap", "Tea")
        for ago in (88, 58, 28):
            self._buy(self.customer, ink, ago=ago)
        for ago in (200, 190, 180):
            self._buy(self.customer, soap, ago=ago)
        for ago in (60, 30):
            self._buy(self.customer, tea, ago=ago)
        [due] = self.offers._due(self.customer, self.company)[self.customer.id]
        self.assertEqual(due, (ink.id, 3, self._day(28), self._day(-2)))
        self.assertEqual(self.offers._due(self.customer, self.company, ahead=1)[self.customer.id], [])
        later = Date.add(self.today, days=33)
        self.assertFalse(self.offers._due(self.customer, self.company, as_of=later)[self.customer.id], "forgotten")
