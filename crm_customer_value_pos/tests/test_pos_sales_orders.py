from odoo.tests import tagged

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosSalesOrders(PosCase):
    """A sales order that is paid in the shop counts once, by whichever documents the policy counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sale = cls._order(cls.customer, 9, 100.0, cost=60.0, state="draft")
        cls.small = cls.env["product.product"].create({
            "name": "Small Thing", "type": "consu", "available_in_pos": True, "standard_price": 10.0,
            "taxes_id": False,
        })

    def _settled(self, qty=1, **values):
        """Return the register's line that pays for what was ordered."""
        line = self.sale.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type)
        return self._line(
            100.0, qty, sale_order_origin_id=self.sale.id, sale_order_line_id=line.id, **values,
        )

    def _down_payment(self, amount, **values):
        return self._line(
            amount, product=self.config.down_payment_product_id, sale_order_origin_id=self.sale.id, **values,
        )

    def _assert_facts(self, by_order, by_invoice):
        """Check purchases, revenue and margin by sales orders and by invoices."""
        for source, expected in (("order", by_order), ("invoice", by_invoice)):
            self._count_by(source)
            self.assertEqual(self._facts(), expected, source)

    def test_settled_in_full(self):
        self._sell([self._settled()])
        self.assertEqual(self.sale.state, "sale")
        self._assert_facts((1, 100.0, 40.0), (1, 100.0, 40.0))

    def test_settled_and_invoiced(self):
        order = self._sell([self._settled()], to_invoice=True)
        self.assertTrue(order.account_move)
        self._assert_facts((1, 100.0, 40.0), (1, 100.0, 40.0))

    def test_with_another_product_on_the_receipt(self):
        """By sales orders there are two purchases: the order, and what else was bought."""
        self._sell([self._settled(), self._line(30.0, product=self.small)])
        self._assert_facts((2, 130.0, 60.0), (1, 130.0, 60.0))

    def test_settled_in_part(self):
        """The sales order counts in full; by invoices, what was paid."""
        self.sale.order_line.product_uom_qty = 3
        self._sell([self._settled()])
        self._assert_facts((1, 300.0, 120.0), (1, 100.0, 40.0))

    def test_down_payment(self):
        order = self._sell([self._down_payment(20.0)])
        self.assertTrue(order.lines.sale_order_line_id.is_downpayment)
        self._assert_facts((1, 100.0, 40.0), (1, 20.0, 20.0))

    def test_down_payment_and_rest(self):
        """The rest is what was ordered less the down payment."""
        down = self._sell([self._down_payment(20.0)], day=5)
        deduction = self._line(
            20.0, -1, self.config.down_payment_product_id, sale_order_origin_id=self.sale.id,
            sale_order_line_id=down.lines.sale_order_line_id.id,
        )
        rest = self._sell([self._settled(), deduction], day=3)
        self.assertEqual(rest.amount_total, 80.0)
        self._assert_facts((1, 100.0, 40.0), (2, 100.0, 40.0))

    def test_down_payment_and_invoice_of_the_rest(self):
        """The rest is billed in Sales."""
        self._sell([self._down_payment(20.0)], day=5)
        invoice = self.sale._create_invoices(final=True)
        invoice.invoice_date = self._day(2)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 80.0)
        self._assert_facts((1, 100.0, 40.0), (2, 100.0, 40.0))

    def test_return(self):
        """What is returned counts as a return, whether the register or the server made it."""
        order = self._sell([self._settled()])
        self._take_back(order)
        self._assert_facts((1, 0.0, 0.0), (1, 0.0, 0.0))

    def test_return_on_the_server(self):
        """There, the line of the return names the sales order, too."""
        order = self._sell([self._settled()])
        back = order._refund()
        self.env["pos.make.payment"].with_context(active_id=back.id, active_ids=back.ids).create({}).check()
        self.assertEqual((back.state, back.lines.sale_order_origin_id), ("paid", self.sale))
        self._assert_facts((1, 0.0, 0.0), (1, 0.0, 0.0))

    def test_return_of_a_part(self):
        self.sale.order_line.product_uom_qty = 4
        order = self._sell([self._settled(4)])
        self._take_back(order, 0.25)
        self._assert_facts((1, 300.0, 120.0), (1, 300.0, 120.0))

    def test_down_payment_given_back(self):
        """Nothing that was bought is returned by it: the sales order counts until it is cancelled."""
        down = self._sell([self._down_payment(20.0)])
        self._take_back(down)
        self._assert_facts((1, 100.0, 40.0), (1, 0.0, 0.0))
        self.sale._action_cancel()
        self._assert_facts((1, 0.0, 0.0), (1, 0.0, 0.0))

    def test_down_payment_given_back_on_the_server(self):
        down = self._sell([self._down_payment(20.0)])
        back = down._refund()
        self.env["pos.make.payment"].with_context(active_id=back.id, active_ids=back.ids).create({}).check()
        self._assert_facts((1, 100.0, 40.0), (1, 0.0, 0.0))

    def test_return_of_the_rest(self):
        """The goods come back, and the down payment is not given back."""
        down = self._sell([self._down_payment(20.0)], day=5)
        deduction = self._line(
            20.0, -1, self.config.down_payment_product_id, sale_order_origin_id=self.sale.id,
            sale_order_line_id=down.lines.sale_order_line_id.id,
        )
        rest = self._sell([self._settled(), deduction], day=3)
        self._take_back(rest)
        self._assert_facts((1, 0.0, 0.0), (2, 20.0, 20.0))

    def test_sales_order_is_cancelled(self):
        """What was paid in the shop counts, as nothing else does any more."""
        self._sell([self._settled()])
        self.sale._action_cancel()
        self._assert_facts((1, 100.0, 40.0), (1, 100.0, 40.0))

    def test_invoice_taken_back_and_paid_in_the_shop(self):
        """Nothing counts of an order whose invoice is reversed, but what is paid for it at the register."""
        self.sale.action_confirm()
        invoice = self.sale._create_invoices()
        invoice.invoice_date = self._day(8)
        invoice.action_post()
        self._assert_facts((1, 100.0, 40.0), (1, 100.0, 40.0))
        invoice._reverse_moves([{"invoice_date": self._day(7), "date": self._day(7)}], cancel=True)
        for source in ("order", "invoice"):
            self._count_by(source)
            self._recompute()
            self.assertFalse(self._value(self.customer), source)
        order = self._sell([self._settled()])
        self._assert_facts((1, 100.0, 40.0), (1, 100.0, 40.0))
        self._count_by("order")
        self._recompute()
        purchases = self.env["customer.value.purchase"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(purchases.mapped("name"), [order.name])

    def test_paid_by_somebody_else(self):
        """By sales orders, who ordered has bought; by invoices, who paid."""
        other = self._partner("Other")
        self._sell([self._settled()], other)
        self._count_by("order")
        self.assertEqual(self._facts(), (1, 100.0, 40.0))
        self.assertFalse(self._value(other))
        self._count_by("invoice")
        self.assertEqual(self._facts(other), (1, 100.0, 40.0))
