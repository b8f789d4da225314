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
        without = rows - row
        self.assertEqual((without.payback, without.effect_text), (False, "No 90 days are over yet"))
        self.assertEqual(self.env["customer.rescue"].search(without.action_view_rescues()["domain"]), other)

    def test_effect_against_held_out(self):
        """20 of 40 kept, 10 of 40 without: 25 more of 100."""
        for state, bought in (("done", 20), ("held_out", 10)):
            for number in range(40):
                customer = self._gone(f"{state} {number}")
                self._effort(customer, 100, state=state)
                if number < bought:
                    self._buys(customer, 50, 10)
        row = self._rows()
        self.assertEqual((row.kept, row.judged, row.held_kept, row.held_out), (20, 40, 10, 40))
        self.assertTrue(row.effect_text.startswith("25.0 more of 100 were kept than without ("), row.effect_text)

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
