from unittest.mock import patch

from odoo.tests import tagged

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosOffers(PosCase):
    """What was bought at the register says which products go together, and what a customer has."""

    def _night(self):
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60):
            self.env["customer.product.neighbour"]._count_neighbours(self.company)
        self.env.invalidate_all()

    def test_what_goes_together_at_the_register(self):
        other = self.env["product.product"].create({
            "name": "Other Thing", "type": "consu", "available_in_pos": True, "taxes_id": False,
        })
        orders = []
        for place in range(6):
            buyer = self._partner(f"Buyer {place}")
            orders.append(self._sell([self._line(10.0), self._line(20.0, product=other)], buyer))
        self._sell([self._line(10.0)], self.contact)
        self._sell([self._line(10.0), self._line(20.0, product=other)], self._partner("Undecided"), state="draft")
        down_payment = self.config.down_payment_product_id
        for order in orders:
            self._sell([self._line(5.0, product=down_payment)], order.partner_id)
        self._night()
        rows = self.env["customer.product.neighbour"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            {(row.product_id, row.other_id, row.in_common, row.customers) for row in rows},
            {(self.product, other, 6, 6), (other, self.product, 6, 7)},
        )
        [proposal] = self.env["customer.offer"]._best(self.contact, 3, self.company)[self.customer.id]
        self.assertEqual(proposal.product_id, other.id)
        self._take_back(orders[0])
        self._night()
        row = rows.exists().filtered(lambda row: row.other_id == self.product)
        self.assertEqual((row.in_common, row.customers), (5, 6), "what comes back was not bought")
