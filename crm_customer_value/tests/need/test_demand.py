from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .need_case import NeedCase


@tagged("post_install", "-at_install")
class TestDemand(NeedCase):
    """What is wanted most and not met, weighed by what customers bought in the period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.bakery, 10, 1000.0)
        cls._order(cls.kiosk, 10, 300.0)
        cls._order(cls.free, 400, 5000.0)
        cls.unknown = cls._partner("Need Unknown", is_company=True)
        cls._recompute()
        # 5/5 of 1000 (the baker wants it less than the bakery), 2/5 of 300, and of nobody knows how much.
        cls._need(cls.baker, product_categ_id=cls.category.id, importance=2)
        cls._need(cls.bakery, product_categ_id=cls.category.id, importance=5)
        cls._need(cls.kiosk, product_categ_id=cls.category.id, importance=2, state="partly")
        cls._need(cls.unknown, product_categ_id=cls.category.id, importance=4)
        # Of the same type, about nothing in particular: 3/5 of 300.
        cls._need(cls.kiosk, importance=3)
        # What we guess is told apart: 5/5 of 1000.
        cls._need(cls.bakery, product_categ_id=cls.category.id, importance=5, is_guess=True)
        # Bought before the period only, which is known to be nothing.
        cls._need(cls.free, cls.calm, importance=5)
        cls._objection(cls.kiosk, importance=1)
        # Not wanted any more.
        for state in ("met", "not_for_us"):
            cls._need(cls.bakery, cls.calm, importance=5, state=state)
        cls._need(cls.bakery, cls.calm, importance=5).active = False
        answer = cls.env["customer.need.answer"].create({"text": "Well", "type_id": cls.dear.id})
        cls._objection(cls.bakery, answer_id=answer.id, helped_said="yes")

    def _rows(self, user, **values):
        demands = self._as(user, self.env["customer.need.demand"])
        return demands.search([("company_id", "=", self.company.id), *((name, "=", v) for name, v in values.items())])

    def _row(self, user, need_type, category=None, is_guess=False):
        row = self._rows(user, type_id=need_type.id, is_guess=is_guess).filtered(
            lambda row: row.product_categ_id.id == (category.id if category else False)
        )
        self.assertEqual(len(row), 1)
        return row

    def test_numbers(self):
        names = ("customer_count", "need_count", "importance", "worth", "unknown_count", "dimension")
        for need_type, category, is_guess, expected in (
            # Means of 5, 2 and 4.
            (self.saving, self.category, False, (3, 4, 3.7, 1120.0, 1, "economic")),
            (self.saving, None, False, (1, 1, 3.0, 180.0, 0, "economic")),
            (self.saving, self.category, True, (1, 1, 5.0, 1000.0, 0, "economic")),
            (self.calm, None, False, (1, 1, 5.0, 0.0, 0, "emotional")),
            (self.dear, None, False, (1, 1, 1.0, 60.0, 0, False)),
        ):
            row = self._row(self.leader, need_type, category, is_guess)
            self.assertEqual(tuple(
                round(row[name], 1) if name == "importance" else row[name] for name in names
            ), expected)
        self.assertEqual(len(self._rows(self.leader)), 5)

    def test_worth_that_is_not_above_zero(self):
        """Who got money back adds nothing, and takes nothing off; what nobody knows comes last, and is not zero."""
        returned = self._partner("Need Returned", is_company=True)
        self._order(returned, 10, -400.0)
        other = self._make_company("Demand Richer Company")
        self._order(self.kiosk, 10, 90000.0, company=other)
        self._recompute(self.company | other)
        self.assertEqual(self._value(returned).revenue_12m, -400.0)
        self._need(returned, product_categ_id=self.category.id, importance=5)
        fresh = self._partner("Need Fresh", is_company=True)
        unknown = self._need(fresh, self.calm, importance=5, product_categ_id=self.category.id)
        self.env["customer.need"].create({
            "partner_id": self.kiosk.id, "company_id": other.id, "type_id": self.saving.id, "importance": 5,
        })
        row = self._row(self.leader, self.saving, self.category)
        # Who said what they need is known to have bought nothing since.
        self.assertEqual((row.customer_count, row.worth, row.unknown_count), (4, 1120.0, 0))
        rows = self._rows(self.leader)
        self.assertEqual(rows.mapped("position"), [1, 2, 3, 4, 5, 6], "each company begins with 1")
        self.assertEqual((rows[-1].id, rows[-1].worth, rows[-1].unknown_count), (unknown.id, False, 1))

    def test_order(self):
        """By revenue; who may not see it sees the same order where the difference is large."""
        expected = [(self.saving, 1120), (self.saving, 1000), (self.saving, 180), (self.dear, 60), (self.calm, 0)]
        self.assertEqual([row.type_id for row in self._rows(self.leader)], [need_type for need_type, _ in expected])
        self.env.invalidate_all()
        seen = self._rows(self.seller)
        self.assertEqual([row.type_id for row in seen], [need_type for need_type, _worth in expected])
        self.assertEqual(seen.mapped("position"), [1, 2, 3, 4, 5])

    def test_order_tells_no_amounts(self):
        """An own customer, whose revenue one knows, does not tell the 300 of a colleague's by what comes first."""
        others = self.env["product.category"].create({"name": "Probed"})
        self._need(self.kiosk, self.calm, importance=5, product_categ_id=others.id)
        # Those of one band are in the order in which they were noted.
        for amount, for_all, for_seller in ((700.0, 0, 0), (310.0, 0, 1), (290.0, 1, 1), (120.0, 1, 1)):
            mine = self._partner(f"Mine {amount}", user_id=self.seller.id)
            self._order(mine, 10, amount, user_id=self.seller.id)
            self._recompute()
            probe = self._need(mine, self.calm, importance=5, product_categ_id=self.category.id)
            for user, expected in ((self.leader, for_all), (self.seller, for_seller)):
                self.env.invalidate_all()
                rows = self._rows(user, type_id=self.calm.id).filtered("product_categ_id")
                found = [row.product_categ_id == self.category for row in rows].index(True)
                self.assertEqual((len(rows), found), (2, expected), (user.login, amount))
            probe.unlink()

    def test_amounts(self):
        for user in (self.seller, self.agent, self.manager):
            row = self._row(user, self.saving, self.category)
            self.assertEqual(row.customer_count, 3)
            self.assertNotIn("worth", row.fields_get())
            for attempt in (
                lambda row=row: row.read(["worth"]),
                lambda row=row: row.search([("worth", ">", 100)]),
                lambda row=row: row.search([], order="worth desc"),
                lambda row=row: row.formatted_read_group([], ["type_id"], ["worth:max"]),
                lambda row=row: row.export_data(["worth"]),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_people_and_words(self):
        row = self._row(self.leader, self.saving, self.category)
        found = self.env["customer.need"].with_user(self.leader).search(row.action_view_needs()["domain"])
        self.assertEqual(found.commercial_partner_id, self.bakery | self.kiosk | self.unknown)
        self.assertEqual(len(found), row.need_count)
        mine = self._as(self.seller, self.env["customer.need"]).search(
            self._row(self.seller, self.saving, self.category).action_view_needs()["domain"]
        )
        self.assertEqual(mine.commercial_partner_id, self.bakery | self.unknown, "not the colleague's customer")
        calm = self._row(self.leader, self.calm)
        self.assertEqual(
            self.env["customer.need"].search(calm.action_view_needs()["domain"]).commercial_partner_id, self.free,
            "not those that are met",
        )
        objections = self._row(self.leader, self.dear)
        self.assertEqual(len(self.env["customer.need"].search(objections.action_view_needs()["domain"])), 1)

    def test_suggestion(self):
        row = self._row(self.seller, self.saving, self.category)
        suggestion = self.env["customer.suggestion"].browse(row.action_create_suggestion()["res_id"])
        self.assertEqual(suggestion.support_ids.partner_id, self.baker | self.bakery | self.unknown)
        guess = self._row(self.leader, self.saving, self.category, is_guess=True)
        guessed = self.env["customer.suggestion"].browse(guess.action_create_suggestion()["res_id"])
        self.assertFalse(guessed.support_ids, "they did not say so")

    def test_opportunities(self):
        action = self._row(self.seller, self.saving, self.category).action_create_opportunities()
        leads = self.env["crm.lead"].search(action["domain"])
        self.assertEqual(leads.partner_id.commercial_partner_id, self.bakery | self.unknown)
        with self.assertRaisesRegex(UserError, "an objection is answered"):
            self._row(self.leader, self.dear).action_create_opportunities()
        with self.assertRaisesRegex(UserError, "Colleagues look after"):
            self._row(self.seller, self.dear).action_view_needs() and self._row(
                self.seller, self.saving
            ).action_create_suggestion()

    def test_companies(self):
        other = self._make_company("Demand Other Company")
        stranger = self._user("demand_stranger", "sales_team.group_sale_salesman_all_leads", other)
        self.assertFalse(self._rows(stranger))
        with self.assertRaises(AccessError):
            self._as(stranger, self._row(self.leader, self.saving, self.category)).action_view_needs()
