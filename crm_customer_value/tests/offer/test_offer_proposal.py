from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ...engine.care import held_out
from ...models.value.customer_value_next_action import Asked
from .offer_case import OfferCase


@tagged("post_install", "-at_install")
class TestOfferProposal(OfferCase):
    """The best proposal of each night, who is held out, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.lamp, cls.chair = cls._products("Desk", "Lamp", "Chair")
        # 9 of the 14 who have a desk have a lamp; 6 have a chair.
        cls.both = cls._together(6, cls.desk, cls.lamp, cls.chair)
        cls._together(3, cls.desk, cls.lamp)
        cls._together(4, cls.desk)
        cls.customer = cls._customers(1)
        cls.customer.user_id = cls.seller
        cls._buy(cls.customer, cls.desk)
        cls._known(cls.customer)
        cls._night()
        cls.proposals = cls.env["customer.offer.proposal"]

    @classmethod
    def _known(cls, customers, **values):
        """Let customers have a value, as a recompute would make it."""
        return cls.env["customer.value"].sudo().create([
            {"company_id": cls.company.id, "partner_id": customer.id, "last_purchase_date": cls._day(10), **values}
            for customer in customers
        ])

    @classmethod
    def _propose(cls, as_of=None):
        with patch.object(type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            cls.proposals._propose(cls.company, as_of)
        cls.env.invalidate_all()

    def _of(self, customer):
        return self.proposals.search([("partner_id", "in", customer.ids), ("company_id", "=", self.company.id)])

    def _actions(self, day=None, partners=None):
        """Return {customer: (worth, facts)} of what the list of the day is told."""
        values = self.env["customer.value"]
        asked = Asked(self.company.id, day or self.today, partners)
        self.env.flush_all()
        return {
            row["partner_id"]: (row["worth"], row["facts"])
            for row in self.env.execute_query_dict(values._offer_action_sql(asked))
        }

    def test_best_of_each_customer(self):
        self._propose()
        self.assertRecordValues(self._of(self.customer), [{
            "product_id": self.lamp.id, "because_id": self.desk.id, "in_common": 9, "customers": 14,
            "confidence": 0.388, "expected_margin": False, "date_first": self.today, "date": self.today,
            "is_current": True, "is_held_out": False, "is_compared": False, "result": False,
        }])
        self.assertFalse(self._of(self.both), "they have no value")

    def test_expected_margin(self):
        """Five lines with a margin of 60; 9 of 14 buy it: 38.57."""
        for customer in self.both[:5]:
            self._order(customer, 5, 100.0, order_line=[Command.create({
                "product_id": self.lamp.id, "product_uom_qty": 1, "price_unit": 100.0, "purchase_price": 40.0,
                "tax_ids": False,
            })])
        self._propose()
        self.assertEqual(self._of(self.customer).expected_margin, 38.57)
        self.assertEqual(float(self._actions()[self.customer.id][0]), 38.57)

    def test_as_the_form_proposes(self):
        customers = self._customers(12)
        for place, customer in enumerate(customers):
            self._buy(customer, [self.desk, self.lamp, self.chair][place % 3])
        self._known(customers)
        with patch("odoo.addons.crm_customer_value.models.offer.customer_offer_proposal_night.AT_ONCE", 5):
            self._propose()
        for customer in customers:
            best = self._best_of(customer, 1)[0]
            self.assertRecordValues(self._of(customer), [{
                "product_id": best.product_id, "because_id": best.because_id, "in_common": best.in_common,
                "customers": best.customers,
            }])

    def test_next_night(self):
        """What is best is the one of the last night; when a product was first proposed stays known."""
        self._propose(self._day(2))
        self._buy(self.customer, self.lamp, 1)
        self._propose(self._day(1))
        self.assertEqual(
            {row.product_id: (row.date_first, row.is_current) for row in self._of(self.customer)},
            {self.lamp: (self._day(2), False), self.chair: (self._day(1), True)},
        )
        self._propose()
        self.assertEqual(
            {row.product_id: (row.date_first, row.date) for row in self._of(self.customer)},
            {self.lamp: (self._day(2), self._day(2)), self.chair: (self._day(1), self.today)},
        )

    def test_for_whom_nothing_is_proposed(self):
        """Upset or archived, gone, too long ago, or switched off: what was proposed is no longer."""
        gone = self.env["customer.lifecycle.stage"].search([("health", "=", "gone")], limit=1)
        value = self.env["customer.value"].search([("partner_id", "=", self.customer.id)]).sudo()
        for record, change, back in (
            (self.customer, {"relationship_broken_on": self.today, "relationship_broken_reason": "Late"},
             {"relationship_broken_on": False, "relationship_broken_reason": False}),
            (self.customer, {"active": False}, {"active": True}),
            (value, {"lifecycle_stage_id": gone.id}, {"lifecycle_stage_id": False}),
            (value, {"last_purchase_date": self._day(800)}, {"last_purchase_date": self._day(10)}),
            (self.company, {"offer_active": False}, {"offer_active": True}),
        ):
            self._propose()
            self.assertTrue(self._of(self.customer).is_current)
            record.sudo().write(change)
            self._propose()
            self.assertFalse(self._of(self.customer).is_current, change)
            record.sudo().write(back)

    def test_severe_complaint(self):
        self._propose()
        self.assertIn(self.customer.id, self._actions())
        self.env["customer.complaint"].create({
            "name": "It broke", "description": "<p>Twice.</p>", "partner_id": self.customer.id,
            "company_id": self.company.id, "severity": "high",
        })
        self.assertNotIn(self.customer.id, self._actions(), "not even before the next night")
        self._propose()
        self.assertFalse(self._of(self.customer).is_current)

    # ---- held out ------------------------------------------------------------------------------

    def _drawn(self, share):
        """Return 20 customers with a desk, and those of them who are held out."""
        self.company.care_held_out = share
        self.patch(held_out, "FEWEST_CUSTOMERS", 1)
        customers = self._customers(20)
        for customer in customers:
            self._buy(customer, self.desk)
        self._known(customers)
        drawn = customers.filtered(lambda customer: held_out.place(self.company.id, customer.id) < share / 100)
        self.assertTrue(0 < len(drawn) < 20)
        return customers, drawn

    def test_who_is_held_out(self):
        customers, drawn = self._drawn(50.0)
        level = self.env["customer.care.level"].search([("code", "=", "key")], limit=1)
        key = drawn[0]
        self.env["customer.value"].search([("partner_id", "=", key.id)]).sudo().care_level_id = level
        self._propose()
        proposals = self._of(customers)
        self.assertEqual(len(proposals), 20)
        self.assertEqual(proposals.filtered("is_held_out").partner_id, drawn - key)
        self.assertEqual(proposals.filtered("is_compared").partner_id, customers - key)
        self.assertEqual(proposals.product_id, self.lamp)
        for customer in drawn - key:
            self.assertEqual(self._best_of(customer), [], "they are shown nothing")
        self.assertEqual(len(self._best_of(key)), 2)

    def test_nobody_under_200_customers(self):
        self.company.care_held_out = 50.0
        self._propose()
        self.assertFalse(self._of(self.customer).is_compared)

    # ---- what comes of it ----------------------------------------------------------------------

    def test_result(self):
        """Bought on the 90th day, the 91st, before, something else, brought back."""
        customers = self._customers(5)
        for customer in customers:
            self._buy(customer, self.desk, 200)
        self._known(customers)
        self._propose(self._day(100))
        self.assertEqual(self._of(customers).product_id, self.lamp)
        for customer, product, ago, amount in zip(
            customers, (self.lamp, self.lamp, self.lamp, self.chair, self.lamp), (10, 9, 101, 50, 50),
            (100.0, 100.0, 100.0, 100.0, -100.0), strict=True,
        ):
            self._buy(customer, product, ago, amount=amount)
        self._propose(self._day(10))
        self.assertFalse(any(self._of(customers).mapped("result")), "the 90 days are not over")
        with patch("odoo.addons.crm_customer_value.models.offer.customer_offer_proposal_night.AT_ONCE", 2):
            self._propose(self._day(9))
        self.assertEqual(
            [self._of(customer).filtered(lambda row: row.product_id == self.lamp).result for customer in customers],
            ["bought", "not", "not", "not", "not"],
        )
        first = self._of(customers[0]).filtered(lambda row: row.product_id == self.lamp)
        self.assertEqual(first.bought_on, self._day(10))

    def _results(self, number, bought, *, held):
        """Let so many customers have a result, of whom so many bought a lamp."""
        customers = self._customers(number)
        self.proposals.sudo().create([
            {
                "company_id": self.company.id, "partner_id": customer.id, "product_id": self.lamp.id,
                "because_id": self.desk.id, "date_first": self._day(100), "date": self._day(100), "is_compared": True,
                "is_held_out": held, "result": "bought" if place < bought else "not",
            }
            for place, customer in enumerate(customers)
        ])
        return customers

    def _effect(self, user=None):
        effects = self.env["customer.offer.effect"].with_user(user or self.manager)
        self.env.flush_all()
        return effects.search([("company_id", "=", self.company.id)])

    def test_report(self):
        """20 of 40 bought, of those held out 10 of 40: 25 points more."""
        shown = self._results(40, 20, held=False)
        self._results(40, 10, held=True)
        # The second proposal of a customer counts for nothing.
        self.proposals.sudo().create({
            "company_id": self.company.id, "partner_id": shown[0].id, "product_id": self.chair.id,
            "because_id": self.desk.id, "date_first": self._day(95), "date": self._day(95), "is_compared": True,
            "result": "bought",
        })
        self.offers.create([
            {"company_id": self.company.id, "partner_id": customer.id, "product_id": self.lamp.id, "state": state,
             "refusal": refusal}
            for customer, (state, refusal) in zip(shown[:6], (
                ("taken", False), ("taken", False), ("refused", "price"), ("refused", "need"), ("resting", False),
                ("offered", False),
            ), strict=True)
        ])
        rows = self._effect()
        self.assertEqual(rows.mapped("is_total"), [True, False])
        self.assertEqual(rows.mapped("subject"), ["All products", self.lamp.categ_id.display_name or "No category"])
        for row in rows:
            self.assertRecordValues(row, [{
                "offered": 6, "taken": 2, "refused": 2, "refused_price": 1, "refused_need": 1, "refused_other": 0,
                "resting": 1, "taken_share": 50.0, "customers": 40, "bought": 20, "held_customers": 40,
                "held_bought": 10, "verdict": "helps",
            }])
            self.assertAlmostEqual(row.difference, 25.0)
            self.assertEqual(
                row.words,
                "20 of 40 bought it within 90 days (50 %), of those held out 10 of 40 (25 %).",
            )
            self.assertEqual(row.refusals, "Too expensive: 1, Not needed: 1")
        self.assertEqual(
            self.offers.search(rows[0].action_view_offers()["domain"]).mapped("state"),
            ["offered", "resting", "refused", "refused", "taken", "taken"],
        )
        self.assertEqual(self.proposals.search_count(rows[0].action_view_proposals()["domain"]), 81)

    def test_words_where_nobody_was_held_out(self):
        self._results(5, 2, held=False)
        self.assertEqual(
            self._effect()[:1].words, "2 of 5 bought it within 90 days (40 %). Nobody was held out."
        )

    def test_too_few_to_say(self):
        self._results(40, 20, held=False)
        self._results(40, 9, held=True)
        self.assertEqual(self._effect().mapped("verdict"), ["few", "few"])
        self.assertEqual(self._effect().mapped("difference"), [False, False])

    def test_results_are_of_one_company(self):
        self._results(3, 1, held=False)
        other = self._make_company("Offer Other Company")
        stranger = new_test_user(
            self.env, "offer_stranger", groups="sales_team.group_sale_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        effects = self.env["customer.offer.effect"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertTrue(self._effect())
        self.assertFalse(effects.search([("company_id", "!=", other.id)]))

    # ---- the list of the day -------------------------------------------------------------------

    def test_next_action(self):
        self._propose()
        worth, facts = self._actions()[self.customer.id]
        self.assertIsNone(worth, "no margin is known")
        words = self.env["customer.value"]._offer_words(facts)
        self.assertEqual(words.why, "9 of 14 customers who bought “Desk” also bought “Lamp”.")
        self.assertEqual(words.say, "Ask how they do without “Lamp”, and offer it.")
        self.assertEqual(self._actions(partners=self.both.ids), {})

    def test_next_action_needs_a_strong_proposal(self):
        """2 of 10 at least is likely; here it is less."""
        self._propose()
        self._of(self.customer).sudo().confidence = 0.19
        self.assertEqual(self._actions(), {})

    def test_next_action_after_an_offer(self):
        self._propose()
        self.customer.with_user(self.seller).action_offer_later(self.lamp.id)
        self.assertEqual(self._actions(), {})
        self.assertIn(self.customer.id, self._actions(self._day(-60)))

    def test_next_action_of_what_is_sold(self):
        self._propose()
        self.lamp.product_tmpl_id.active = False
        self.assertEqual(self._actions(), {})

    def test_queries_do_not_grow(self):
        customers = self._customers(30)
        for customer in customers:
            self._buy(customer, self.desk)
        few, many = customers[:3], customers[3:]
        self._known(few)
        self._propose()
        counts = []
        for more in (few[:0], many):
            if more:
                self._known(more)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._propose()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(len(self._of(customers)), 30)
