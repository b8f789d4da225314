from datetime import datetime, time

from odoo.tests import tagged

from odoo.addons.crm_customer_value_pos import post_init_hook

from .pos_case import PosCase


@tagged("post_install", "-at_install")
class TestPosPurchases(PosCase):
    """What counts of orders of the point of sale, and how much."""

    def test_paid_order(self):
        """Untaxed, for the company of the contact, on its day, while the session is open and after it."""
        self._sell([self._line(100.0, 2, tax=self.tax)], self.contact, day=3)
        self.assertEqual(self._facts(), (1, 200.0, 80.0))
        value = self._value(self.customer)
        self.assertEqual((value.last_purchase_date, value.revenue_12m), (self._day(3), 200.0))
        self.assertFalse(self._value(self.contact))
        self._close(self.session)
        for source in ("invoice", "order"):
            self._count_by(source)
            self.assertEqual(self._facts(), (1, 200.0, 80.0), "the entry that closes a session is no invoice")

    def test_what_does_not_count(self):
        draft = self._sell([self._line(100.0)], state="draft")
        cancelled = self._sell([self._line(100.0)], state="draft")
        cancelled.action_pos_order_cancel()
        self._sell([self._line(100.0)], self.env["res.partner"])
        self._sell([self._line(100.0)], self.company.partner_id)
        self.assertEqual((draft.state, cancelled.state), ("draft", "cancel"))
        self._recompute()
        self.assertFalse(self.env["customer.value"].search([("company_id", "=", self.company.id)]))

    def test_day_in_the_time_zone(self):
        """22:30 in London is the next morning in Auckland."""
        self.policy = self.policy._renew({"tz": "Pacific/Auckland"})
        self._sell([self._line(100.0)], at=datetime.combine(self._day(5), time(22, 30)))
        self._facts()
        self.assertEqual(self._value(self.customer).last_purchase_date, self._day(4))
        self._recompute(as_of=self._day(5))
        self.assertFalse(self._value(self.customer).order_count, "not yet")

    def test_price_with_tax_and_cash_rounding(self):
        """What is rounded at the register is no revenue."""
        rounding = self.env["account.cash.rounding"].create({
            "name": "To five cents", "rounding": 0.05, "rounding_method": "HALF-UP",
            "profit_account_id": self.session.config_id.journal_id.default_account_id.id,
            "loss_account_id": self.session.config_id.journal_id.default_account_id.id,
        })
        self._close(self.session)
        self.config.write({"cash_rounding": True, "rounding_method": rounding.id})
        order = self._sell([self._line(9.99)], session=self._open(self.config), paid=10.0)
        self.assertEqual(order.amount_paid, 10.0)
        included = self.tax.copy({"name": "Included", "price_include_override": "tax_included"})
        # 9.99 / 1.25 = 7.992
        other = self._partner("Other")
        self._sell([self._line(9.99, tax=included)], other, session=order.session_id, paid=10.0)
        self.assertEqual(self._facts(), (1, 9.99, -50.01))
        self.assertEqual(self._facts(other), (1, 7.99, -52.01))

    def test_cost_with_many_digits(self):
        """Odoo does not round the cost of a line; the margin is rounded like any amount."""
        order = self._sell([self._line(100.0)])
        order.lines.total_cost = 33.33333
        self.assertEqual(order.lines.total_cost, 33.33333)
        self.assertEqual(self._facts(), (1, 100.0, 66.67))

    def test_return_at_the_register(self):
        """It sends the lines of a return with the sign turned."""
        order = self._sell([self._line(100.0, 4, tax=self.tax)])
        back = self._take_back(order, 0.25)
        self.assertEqual((back.lines.qty, back.lines.price_subtotal, back.amount_total), (-1, 100.0, -125.0))
        self.assertEqual(self._facts(), (1, 300.0, 120.0))
        self.assertEqual(self._value(self.customer).last_purchase_date, self._day(3), "a return is no purchase")

    def test_return_on_the_server(self):
        """It keeps the sign."""
        order = self._sell([self._line(100.0, 4, tax=self.tax)])
        back = order._refund()
        self.assertEqual(self._facts(), (1, 400.0, 160.0), "not paid back yet")
        self.env["pos.make.payment"].with_context(active_id=back.id, active_ids=back.ids).create({}).check()
        self.assertEqual((back.state, back.lines.qty, back.lines.price_subtotal), ("paid", -4, -400.0))
        self.assertEqual(self._facts(), (1, 0.0, 0.0))

    def test_exchange(self):
        """What is left of it: a purchase where the customer paid, else a return."""
        order = self._sell([self._line(100.0, 2)], day=9)
        returned = self._line(100.0, -1, refunded_orderline_id=order.lines.id)
        self._sell([returned, self._line(130.0)], day=8, refund=True)
        # Two for 80 of margin, one of them back for 40, another one for 70.
        self.assertEqual(self._facts(), (2, 230.0, 110.0))

    def test_exchange_for_less(self):
        order = self._sell([self._line(100.0, 2)], day=9)
        returned = self._line(100.0, -1, refunded_orderline_id=order.lines.id)
        self._sell([returned, self._line(70.0)], day=8, refund=True)
        # 80 - 40 + 10
        self.assertEqual(self._facts(), (1, 170.0, 50.0))
        self.assertEqual(self._value(self.customer).last_purchase_date, self._day(9))

    def test_other_currency(self):
        """At the rate of the order, whatever becomes of it."""
        coin = self.env["res.currency"].create({"name": "CON", "symbol": "©"})
        rates = self.env["res.currency.rate"].create([
            {"currency_id": coin.id, "company_id": self.company.id, "name": self._day(30), "rate": 0.5},
            {"currency_id": coin.id, "company_id": self.company.id, "name": self._day(1), "rate": 4.0},
        ])
        session = self._open(self._make_config("Coin", currency=coin))
        order = self._sell([self._line(100.0)], session=session)
        # The cost of 60 is 30 coins.
        self.assertEqual((order.currency_id, order.currency_rate, order.lines.total_cost), (coin, 0.5, 30.0))
        self.assertEqual(self._facts(), (1, 200.0, 140.0))
        rates.unlink()
        self._sell([self._line(100.0)], session=session, day=2)
        run = self._recompute()
        self.assertEqual(self._value(self.customer).revenue_total, 200.0)
        self.assertIn("left out because their currency has no rate", run.warning)

    def test_cost_not_known_before_the_session_closes(self):
        """Revenue counts, and the margin is unknown as long as one line has no cost."""
        self._close(self.session)
        self.company.point_of_sale_update_stock_quantities = "closing"
        category = self.env["product.category"].create({"name": "First In", "property_cost_method": "fifo"})
        stored = self.env["product.product"].create({
            "name": "Stored", "is_storable": True, "available_in_pos": True, "categ_id": category.id,
            "standard_price": 25.0, "taxes_id": False,
        })
        session = self._open(self.config)
        self.assertTrue(session.update_stock_at_closing)
        order = self._sell([self._line(100.0), self._line(50.0, product=stored)], session=session)
        self.assertFalse(order.is_total_cost_computed)
        self.assertEqual(self._facts(), (1, 150.0, False))
        self._marked()
        self._close(session)
        self.assertTrue(order.is_total_cost_computed)
        self.assertIn(self.customer.id, self._marked())
        self.assertEqual(self._facts(), (1, 150.0, 150.0 - 60.0 - 25.0))

    def test_amounts_that_are_no_numbers(self):
        """One order of NaN must not spoil the numbers of everybody."""
        self._sell([self._line(100.0)])
        odd = self._sell([self._line(50.0)])
        huge = self._sell([self._line(50.0)])
        uncertain = self._sell([self._line(70.0)], self._partner("Other"))
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("UPDATE pos_order_line SET price_subtotal = 'NaN' WHERE order_id = %s", [odd.id])
        cr.execute("UPDATE pos_order_line SET price_subtotal = 1e20 WHERE order_id = %s", [huge.id])
        cr.execute("UPDATE pos_order_line SET total_cost = 'Infinity' WHERE order_id = %s", [uncertain.id])
        self.env.invalidate_all(flush=False)
        run = self._recompute()
        self.assertEqual(run.state, "done")
        self.assertIn(odd.name, run.warning)
        self.assertIn(huge.name, run.warning)
        self.assertEqual(self._facts(), (1, 100.0, 40.0))
        self.assertEqual(self._facts(uncertain.partner_id), (1, 70.0, False))

    def test_companies(self):
        """Each company has its own shops."""
        other = self._make_company("Other Shop Company")
        self.env.user.company_ids |= other
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        there = self.env(context={**self.env.context, "allowed_company_ids": (other | self.company).ids})
        config = self._make_config("Away", other.with_env(there))
        self._sell([self._line(100.0)])
        self._sell([self._line(10.0)], session=self._open(config))
        self._recompute(self.company | other)
        self.assertEqual(self._value(self.customer).revenue_total, 100.0)
        self.assertEqual(self._value(self.customer, other).revenue_total, 10.0)

    def test_beside_sales_orders(self):
        """An order of the shop and a sales order are two purchases."""
        self._order(self.customer, 10, 30.0, cost=10.0)
        self._sell([self._line(100.0)], day=3)
        self.assertEqual(self._facts(), (2, 130.0, 60.0))
        self.assertEqual(self._value(self.customer).purchase_days, 2)

    def test_list_of_purchases(self):
        order = self._sell([self._line(100.0, 2)], day=9)
        back = self._take_back(order, 0.5, day=8)
        self._recompute()
        purchases = self.env["customer.value.purchase"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            [(row.name, row.kind, row.date, row.revenue, row.margin, row.is_purchase) for row in purchases],
            [
                (back.name, "pos_return", self._day(8), -100.0, -40.0, False),
                (order.name, "pos", self._day(9), 200.0, 80.0, True),
            ],
        )
        action = purchases[1].action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("pos.order", order.id))
        self.assertEqual(self._value(self.customer).purchase_count, 1)

    def test_installation(self):
        """There may be years of orders when the addon comes in."""
        runs = self.env["customer.value.run"]
        waiting = [("company_id", "=", self.company.id), ("state", "=", "queued")]
        runs.search(waiting).unlink()
        post_init_hook(self.env)
        self.assertEqual(len(runs.search(waiting)), 1)
