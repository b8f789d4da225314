from odoo.tests import tagged

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosInvoices(PosCase):
    """Where the policy counts invoices, those of the shop count, and orders that have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.policy._renew({"revenue_source": "invoice"})

    def test_invoiced_or_not(self):
        """Each order counts once, before and after the session is closed."""
        invoiced = self._sell([self._line(100.0, 2, tax=self.tax)], self.contact, day=9, to_invoice=True)
        self._sell([self._line(70.0, tax=self.tax)], day=3)
        self.assertEqual(invoiced.account_move.state, "posted")
        for _moment in ("open", "closed"):
            self.assertEqual(self._facts(), (2, 270.0, 90.0))
            if self.session.state != "closed":
                self._close(self.session)
        kinds = self.env["customer.value.purchase"].search([("partner_id", "=", self.customer.id)]).mapped("kind")
        self.assertEqual(kinds, ["pos", "invoice"])
        # By sales orders, it is the order that counts, and no invoice is read.
        self._count_by("order")
        self.assertEqual(self._facts(), (2, 270.0, 90.0))
        kinds = self.env["customer.value.purchase"].search([("partner_id", "=", self.customer.id)]).mapped("kind")
        self.assertEqual(kinds, ["pos", "pos"])

    def test_invoiced_later(self):
        """From the day of the invoice on, it counts and the order does not."""
        order = self._sell([self._line(100.0)], day=9)
        self._close(self.session)
        self.assertEqual(self._facts(), (1, 100.0, 40.0))
        self.assertEqual(self._value(self.customer).last_purchase_date, self._day(9))
        self._marked()
        order.action_pos_order_invoice()
        self.assertIn(self.customer.id, self._marked())
        invoice = order.account_move
        self.assertEqual(self._facts(), (1, 100.0, 40.0))
        self.assertEqual(self._value(self.customer).last_purchase_date, invoice.invoice_date)
        self._recompute(as_of=self._day(5))
        self.assertEqual(self._value(self.customer).last_purchase_date, self._day(9), "as it was known then")

    def test_two_orders_on_one_invoice(self):
        orders = self._sell([self._line(100.0)], day=9) | self._sell([self._line(50.0)], day=8)
        self.env["pos.make.invoice"].with_context(active_ids=orders.ids).create({}).action_create_invoices()
        self.assertEqual(len(orders.account_move), 1)
        # Two orders became one document.
        self.assertEqual(self._facts(), (1, 150.0, 30.0))

    def test_return_of_a_part(self):
        order = self._sell([self._line(100.0, 4)], to_invoice=True)
        back = self._take_back(order, 0.25, to_invoice=True)
        self.assertEqual(
            (back.account_move.move_type, back.account_move.reversed_entry_id), ("out_refund", order.account_move)
        )
        self.assertEqual(self._facts(), (1, 300.0, 120.0))

    def test_return_of_everything(self):
        """An invoice that was taken back in full counts for nothing, and neither does what took it back."""
        order = self._sell([self._line(100.0, 4)], to_invoice=True)
        self._sell([self._line(70.0)])
        self._take_back(order, to_invoice=True)
        self.assertEqual(self._facts(), (1, 70.0, 10.0))

    def test_return_without_a_credit_note(self):
        """The invoice counts, and the order that returns."""
        order = self._sell([self._line(100.0, 4)], to_invoice=True)
        self._take_back(order)
        self.assertEqual(self._facts(), (1, 0.0, 0.0))

    def test_credit_note_of_an_order_without_invoice(self):
        """The order counts, and the credit note that returns."""
        order = self._sell([self._line(100.0, 4)])
        back = self._take_back(order, 0.25, to_invoice=True)
        self.assertEqual(back.account_move.move_type, "out_refund")
        self.assertEqual(self._facts(), (1, 300.0, 120.0))

    def test_invoice_that_is_set_to_draft_and_deleted(self):
        """Its order counts again."""
        order = self._sell([self._line(100.0)], to_invoice=True)
        self._close(self.session)
        invoice = order.account_move
        invoice.button_draft()
        self._recompute()
        self.assertFalse(self._value(self.customer), "like any other draft, it counts for nothing")
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(self._facts(), (1, 100.0, 40.0))
