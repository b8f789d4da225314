import random
from itertools import permutations
from math import sqrt
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...engine.offer import matrix, neighbours
from .offer_case import OfferCase


def brute_force(baskets, best=neighbours.BEST):
    """Return what :meth:`OfferCase._counted` should, of {customer: {product}}: the definition, pair by pair.

    :param int best: how many neighbours of each product, at the most
    """
    buyers = {}
    for customer, products in baskets.items():
        for product in products:
            buyers.setdefault(product, set()).add(customer)
    near = {product: [] for product in buyers}
    for product, other in permutations(buyers, 2):
        both = len(buyers[product] & buyers[other])
        if both >= neighbours.LEAST_IN_COMMON:
            near[product].append((-both / sqrt(len(buyers[product]) * len(buyers[other])), -both, other))
    return {
        (product, other): (round(-score, 12), -both, len(buyers[other]))
        for product, others in near.items() for score, both, other in sorted(others)[:best]
    }


@tagged("post_install", "-at_install")
class TestNeighbours(OfferCase):
    """Which products go together."""

    def _random_baskets(self, customers, products, seed):
        draw = random.Random(seed)
        baskets = {}
        for customer in customers:
            chosen = [product for place, product in enumerate(products) if draw.random() < 0.9 / (1 + place / 4)]
            if chosen:
                self._buy(customer, chosen, ago=draw.randrange(1, 300))
            baskets[customer.id] = {product.id for product in chosen}
        return baskets

    def test_as_by_brute_force(self):
        products = self._products(*(f"P{number}" for number in range(12)))
        baskets = self._random_baskets(self._customers(40), products, 7)
        self._night()
        expected = brute_force(baskets)
        self.assertGreater(len(expected), 60)
        self.assertEqual(self._counted(), expected)

    def test_batches_change_nothing(self):
        products = self._products(*(f"P{number}" for number in range(12)))
        baskets = self._random_baskets(self._customers(40), products, 8)
        with patch.object(neighbours, "BATCH_PAIRS", 1), patch.object(
            type(self.near), "_write_neighbours", autospec=True, side_effect=type(self.near)._write_neighbours
        ) as written:
            self._night()
        self.assertGreater(written.call_count, 5)
        self.assertEqual(self._counted(), brute_force(baskets))

    def test_only_what_changed_is_counted_again(self):
        """A night after a change leaves what counting everything anew would; and writes no row that stays."""
        products = self._products(*(f"P{number}" for number in range(12)))
        customers = self._customers(40)
        baskets = self._random_baskets(customers[:30], products[:8], 9)
        others = self._random_baskets(customers[30:], products[8:], 10)
        self._night()
        self.assertEqual(self._counted(), brute_force(baskets | others))
        with patch.object(type(self.near), "_write_neighbours") as written:
            self._night()
        self.assertFalse(written.called, "nothing changed")
        before = self._versions()
        late = self._customers(1)
        self._buy(late, products[8:10])
        others[late.id] = set(products[8:10].ids)
        gone = self.env["customer.purchase.history"].search([("partner_id", "=", customers[31].id)])
        gone.sudo().unlink()
        others.pop(customers[31].id)
        self._night()
        self.assertEqual(self._counted(), brute_force(baskets | others))
        after = self._versions()
        self.assertTrue(all(
            after[pair] == before[pair] for pair in before if not set(pair) & set(products[8:].ids)
        ))

    def _versions(self):
        self.env.cr.execute(
            """SELECT product_id, other_id, ctid::text, xmax::text
                 FROM customer_product_neighbour WHERE company_id = %s""",
            [self.company.id],
        )
        return {(product, other): version for product, other, *version in self.env.cr.fetchall()}

    def test_many_nights(self):
        """Whatever changes from night to night, what is left is what counting everything would find."""
        draw = random.Random(11)
        products = self._products(*(f"P{number}" for number in range(14)))
        customers = self._customers(30)
        baskets = self._random_baskets(customers, products, 12)
        purchases = self.env["customer.purchase.history"].sudo()
        with patch.dict(neighbours.neighbours_of.__kwdefaults__, {"best": 4}):
            self._night()
            for _night in range(6):
                for customer in draw.sample(list(customers), 2):
                    purchases.search([("partner_id", "=", customer.id)]).unlink()
                    chosen = draw.sample(list(products), draw.randrange(5))
                    for product in chosen:
                        self._buy(customer, product)
                    baskets[customer.id] = {product.id for product in chosen}
                self._night()
                self.assertEqual(self._counted(), brute_force(baskets, 4))

    def test_one_line_changed(self):
        """Only products are counted again that have enough customers in common with the one that was bought."""
        one, other, far, few = self._products("One", "Other", "Far", "Few")
        self._together(6, one, other)
        self._together(6, far, few)
        self._together(neighbours.LEAST_IN_COMMON - 1, one, few)
        self._night()
        self._buy(self._customers(1), one)
        with patch.object(
            type(self.near), "_write_neighbours", autospec=True, side_effect=type(self.near)._write_neighbours
        ) as written:
            self._night()
        counted = {product for call in written.call_args_list for product in call.args[2].tolist()}
        self.assertEqual(counted, {one.id, other.id})
        self.assertEqual(self._counted()[other.id, one.id][1:], (6, 11))

    def test_new_neighbour_of_what_did_not_change(self):
        """Who bought the other product long ago buys this one as well: its buyers stay, its neighbours do not."""
        one, other = self._products("One", "Other")
        self._together(4, one, other)
        fifth = self._together(1, other)
        self._night()
        self.assertFalse(self._counted())
        self._buy(fifth, one)
        self._night()
        self.assertEqual(set(self._counted()), {(one.id, other.id), (other.id, one.id)})

    def test_too_few_buyers_by_now(self):
        one, other, third = self._products("One", "Other", "Third")
        self._together(5, one, other)
        customers = self._together(5, third, one)
        self._night()
        self.assertEqual(len(self._counted()), 4)
        self._buy(customers[0], third, amount=-100.0)
        self._night()
        self.assertEqual(set(self._counted()), {(one.id, other.id), (other.id, one.id)})
        buyers = self.env["customer.product.buyers"].search([("company_id", "=", self.company.id)])
        self.assertEqual(buyers.product_id, one | other)

    def test_quantities_that_are_nothing_together(self):
        """0.1 and 0.2 were bought, 0.3 brought back: as numbers of the computer, a little of it stays."""
        one, other = self._products("One", "Other")
        customers = self._together(5, one, other)
        for quantity, amount in ((0.1, 10.0), (0.2, 20.0), (0.3, -30.0)):
            self._buy(customers[0], self.product, amount=amount, quantity=quantity)
        for customer in customers[1:]:
            self._buy(customer, self.product)
        self._night()
        self.assertEqual(set(self._counted()), {(one.id, other.id), (other.id, one.id)})

    def test_best_neighbours_only(self):
        products = self._products(*(f"P{number}" for number in range(6)))
        customers = self._customers(12)
        for place, customer in enumerate(customers):
            # The later a product, the fewer customers have it, and all have the first one.
            self._buy(customer, products[:max(1, 6 - max(0, place - 5))])
        with patch.dict(neighbours.neighbours_of.__kwdefaults__, {"best": 2}):
            self._night()
        self.assertEqual(
            [other for product, other in sorted(self._counted()) if product == products[0].id],
            sorted(products[1:3].ids),
        )

    def test_fewer_customers_in_common_are_chance(self):
        one, other, third = self._products("One", "Other", "Third")
        self._together(neighbours.LEAST_IN_COMMON, one, other)
        self._together(neighbours.LEAST_IN_COMMON - 1, one, third)
        self._night()
        five, nine = neighbours.LEAST_IN_COMMON, 2 * neighbours.LEAST_IN_COMMON - 1
        score = round(five / sqrt(five * nine), 12)
        self.assertEqual(self._counted(), {
            (one.id, other.id): (score, five, five), (other.id, one.id): (score, five, nine),
        })

    def test_one_product_only(self):
        self._together(10, self.product)
        self._night()
        self.assertFalse(self._counted())
        buyers = self.env["customer.product.buyers"].search([("company_id", "=", self.company.id)])
        self.assertEqual((buyers.product_id, buyers.customers), (self.product, 10))

    def test_nothing_at_all(self):
        self._night()
        self.assertFalse(self._counted())

    def test_product_in_every_basket(self):
        """Everybody buys the bag, so it goes with each product as well as few others do, and not better."""
        bag, ink, pen = self._products("Bag", "Ink", "Pen")
        self._together(6, bag, ink, pen)
        self._together(18, bag)
        self._night()
        rows = self._counted()
        # 6 / sqrt(6 x 24), and 6 / sqrt(6 x 6).
        self.assertEqual(rows[pen.id, bag.id], (0.5, 6, 24))
        self.assertEqual(rows[pen.id, ink.id], (1.0, 6, 6))
        self.assertEqual(rows[bag.id, pen.id], (0.5, 6, 6))

    def test_what_came_back_was_not_bought(self):
        one, other = self._products("One", "Other")
        customers = self._together(6, one, other)
        self._buy(customers[0], other, amount=-100.0)
        # Half of it stays.
        self._buy(customers[1], other, amount=300.0, quantity=4)
        self._buy(customers[1], other, amount=-150.0, quantity=2)
        self._night()
        self.assertEqual(self._counted()[other.id, one.id][1:], (5, 6))

    def test_returns_only(self):
        one, other = self._products("One", "Other")
        for customer in self._customers(8):
            self._buy(customer, one | other, amount=-100.0)
        self._night()
        self.assertFalse(self._counted())

    def test_orders_and_credit_notes(self):
        """An order and its invoice are one purchase; the credit note of a compensation takes nothing back."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        one, other = self._products("One", "Other")
        customers = self._customers(7)
        for place, customer in enumerate(customers):
            self._order(customer, 5, 100.0, state="cancel" if place == 6 else "sale", order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 2, "price_unit": 10.0, "tax_ids": False})
                for product in (one, other)
            ])
        self._invoice(customers[0], other, "out_invoice")
        self._invoice(customers[0], other, "out_refund")
        self._invoice(customers[1], other, "out_invoice")
        self._night()
        self.assertEqual(self._counted()[other.id, one.id][1:], (5, 6))

    def _invoice(self, customer, product, kind):
        move = self.env["account.move"].create({
            "move_type": kind, "partner_id": customer.id, "company_id": self.company.id, "invoice_date": self._day(4),
            "invoice_line_ids": [Command.create({
                "product_id": product.id, "quantity": 2, "price_unit": 10.0, "tax_ids": False,
            })],
        })
        move.action_post()

    def test_family_counts_once(self):
        one, other = self._products("One", "Other")
        customers = self._together(4, one, other)
        parent = self._customers(1)
        for product in (one, other):
            child = self._partner("Branch", parent_id=parent.id)
            self._buy(child, product)
        self._night()
        self.assertEqual(self._counted()[one.id, other.id][1:], (5, 5))
        self.assertNotIn(parent, customers)

    def test_what_was_bought_long_ago(self):
        one, other = self._products("One", "Other")
        for customer in self._customers(8):
            self._buy(customer, one | other, ago=800)
        self._night()
        self.assertFalse(self._counted())

    def test_who_buys_everything_says_nothing(self):
        products = self._products("One", "Other", "Third")
        self._together(5, *products[:2])
        self._together(5, *products)
        with patch.object(matrix, "MOST_ITEMS", 2):
            self._night()
        self.assertEqual(set(self._counted()), set(permutations(products[:2].ids, 2)))

    def test_other_company(self):
        one, other = self._products("One", "Other")
        elsewhere = self._make_company("Offer Other Company")
        for customer in self._customers(6):
            self._buy(customer, one | other, company=elsewhere)
        self._night()
        self.assertFalse(self._counted())
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            self.near._count_neighbours(elsewhere)
        self.assertEqual(len(self._counted(elsewhere)), 2)
        with self.assertRaises(AccessError):
            self.near.search([("company_id", "=", elsewhere.id)]).with_user(self.seller).read(["score"])

    def test_nobody_writes_them(self):
        self._together(5, *self._products("One", "Other"))
        self._night()
        row = self.near.search([("company_id", "=", self.company.id)], limit=1)
        with self.assertRaises(AccessError):
            row.with_user(self.manager).write({"score": 1.0})
