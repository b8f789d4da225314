from odoo.exceptions import AccessError
from odoo.tests import tagged

from .rescue_case import RescueCase


@tagged("post_install", "-at_install")
class TestRescueReport(RescueCase):
    def _rows(self):
        self.env["customer.rescue"]._note_results(self.company)
        self.env["customer.rescue"].flush_model()
        self.env["customer.rescue.report"].invalidate_model()
        return self.env["customer.rescue.report"].search([("company_id", "=", self.company.id)])

    def test_payback_by_hand(self):
        """Three efforts of 100; two customers bought for a margin of 250 and 200: 450 / 300 = 1.5."""
        for number, margin in enumerate((250, 200, 0)):
            customer = self._gone(f"Gone {number}")
            self._effort(customer, 100, reason="price")
            if margin:
                self._buys(customer, 50, margin)
        self._effort(self._gone("Held"), 100, reason="price", state="held_out", cost=0)
        other = self._effort(self._gone("Other"), 10, reason="late", cost=0)
        rows = self._rows()
        row = rows.filtered(lambda one: one.reason == "price")
        self.assertEqual(
            (row.efforts, row.judged, row.kept, row.held_out, row.held_kept, row.back, row.cost, row.revenue,
             row.margin, row.payback),
            (3, 3, 2, 1, 0, 2, 300, 900, 450, 1.5),
        )
        self.assertEqual(row.effect_text, "Too few to say")
        action = row.action_view_rescues()
        self.assertEqual(self.env["customer.rescue"].search_count(action["domain"]), 4)
        self.assertTrue(action["context"]["search_default_started"], "those held out are no efforts")
        without = rows - row
        self.assertEqual((without.payback, without.judged, without.margin), (False, 0, 0))
        self.assertEqual(self.env["customer.rescue"].search(without.action_view_rescues()["domain"]), other)

    def test_nothing_is_over_yet(self):
        self._effort(self._gone(), 10)
        row = self._rows()
        self.assertEqual((row.effect_text, row.payback), ("No 90 days are over yet", False))

    def test_effect_against_held_out(self):
        """20 of 40 kept, 10 of 40 without: 25 more of 100.

        By Wilson, 0.5 lies between 0.3520 and 0.6480, and 0.25 between 0.1419 and 0.4019. By Newcombe, the difference
        lies between 0.25 - √(0.1480² + 0.1519²) = 0.0379 and 0.25 + √(0.1480² + 0.1081²) = 0.4333.
        """
        for state, bought in (("done", 20), ("held_out", 10)):
            for number in range(40):
                customer = self._gone(f"{state} {number}")
                # The reason of some is known by now: that changes nothing.
                self._effort(customer, 100, state=state, reason="price" if state == "done" and number % 2 else False)
                if number < bought:
                    self._buys(customer, 50, 10)
        # Who could not be held out is no match for those who are.
        self._buys(self._effort(self._gone("Key"), 100, is_compared=False).partner_id, 50, 10)
        self._buys(self._effort(self._gone("Other kind"), 100, kind="keep").partner_id, 50, 10)
        keep, *rows = self._rows().sorted("kind")
        self.assertEqual(keep.effect_text, "Too few to say")
        self.assertEqual(sum(row.kept for row in rows), 21)
        self.assertEqual(
            [(row.kind_kept, row.kind_judged, row.kind_held_kept, row.kind_held_out) for row in rows],
            [(20, 40, 10, 40)] * 2,
        )
        self.assertEqual(
            {row.effect_text for row in rows}, {"25.0 more of 100 bought than without (3.8 to 43.3)"}
        )

    def test_fewer_than_without(self):
        """The other way round it is 25 fewer, and the interval is turned round."""
        for state, bought in (("done", 10), ("held_out", 20)):
            for number in range(40):
                customer = self._gone(f"{state} {number}")
                self._effort(customer, 100, state=state)
                if number < bought:
                    self._buys(customer, 50, 10)
        self.assertEqual(self._rows().effect_text, "25.0 fewer of 100 bought than without (3.8 to 43.3)")

    def test_other_company(self):
        there = self._make_company("Report There")
        self.env.user.company_ids |= there
        self._effort(self._gone(), 100)
        self._effort(self._gone("There", company=there), 100, company_id=there.id, user_id=self.env.user.id)
        self._rows()
        boss = self._user("report_there", "sales_team.group_sale_salesman_all_leads", there)
        rows = self.env(user=boss, context={"allowed_company_ids": there.ids})["customer.rescue.report"].search([])
        self.assertEqual(rows.mapped(lambda row: (row.company_id, row.efforts)), [(there, 1)])

    def test_margin_not_known(self):
        customer = self._gone()
        self._effort(customer, 100)
        self.env["customer.purchase.history"].create({
            "partner_id": customer.id, "company_id": self.company.id, "date": self._day(50), "amount": 500,
        })
        row = self._rows()
        self.assertEqual((row.revenue, row.margin, row.payback), (500, False, False))

    def test_nobody_came_back(self):
        self._effort(self._gone(), 100)
        self.assertEqual(self._rows().payback, 0)

    def test_access(self):
        self._effort(self._gone(), 100)
        row = self._rows()
        self.assertEqual(row.with_user(self.boss).efforts, 1)
        with self.assertRaises(AccessError):
            row.with_user(self.seller).read(["efforts"])
