from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import CustomerValueCase

TODAY = date(2024, 9, 10)


@tagged("post_install", "-at_install")
class TestPayments(CustomerValueCase):
    """Who paid in time, whatever the rate did, however it was booked; and invoices that were taken back."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2024-09-10 12:00:00"))
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.customer = cls._partner("Payer")
        cls.env["res.currency.rate"].create([
            {"name": day, "currency_id": cls.eur.id, "company_id": cls.company.id, "inverse_company_rate": rate}
            for day, rate in (("2024-01-01", 1.25), ("2024-06-15", 1.0), ("2024-08-01", 1.5))
        ])

    def _invoice(self, day, amount, due="2024-06-30", kind="out_invoice", post=True, **values):
        move = self.env["account.move"].create({
            "move_type": kind, "partner_id": self.customer.id, "invoice_date": day, "invoice_date_due": due,
            "currency_id": self.usd.id,
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False,
            })],
            **values,
        })
        if post:
            move.action_post()
        return move

    def _pay(self, invoices, day, **values):
        return self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"payment_date": day, "journal_id": self.bank.id, **values})._create_payments()

    def _without_entries(self):
        """Have payments make no entry, as they do with Odoo's accounting application.

        That is told by the state of invoices that are paid and on no statement yet.
        """
        self.startPatcher(patch.object(
            self.env.registry["account.move"], "_get_invoice_in_payment_state", lambda _self: "in_payment"
        ))
        self.bank.inbound_payment_method_line_ids.payment_account_id = False

    def _statement(self, invoices, day, amount):
        """Find an amount for invoices on a bank statement."""
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": day, "amount": amount, "payment_ref": "Transfer",
            "partner_id": self.customer.id,
        })
        receivable = invoices.line_ids.filtered(lambda one: one.account_id.account_type == "asset_receivable")
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        return line

    def _reverse(self, invoice, day, again=False):
        """Take an invoice back in full; return the new one where it is billed again."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"date": day, "journal_id": invoice.journal_id.id})
        if not again:
            wizard.refund_moves()
            wizard.new_move_ids.action_post()
            return wizard.new_move_ids
        wizard.modify_moves()
        wizard.new_move_ids.write({"invoice_date": day, "invoice_date_due": "2024-06-30"})
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def _score(self, as_of=None):
        """Return the payment score, False for none, the same from a full recompute and from one of the customer."""
        scores = []
        self._recompute(as_of=as_of)
        for arguments in ({}, {"partners": self.customer}):
            self._recompute(as_of=as_of, **arguments)
            value = self._value(self.customer)
            self.assertEqual(value.has_payment_score, value.payment_score is not False)
            scores.append(value.payment_score)
        self.assertEqual(*scores)
        return scores[0]

    def _taken(self):
        """Return the customers that are marked, and take the marks."""
        self.env.cr.precommit.run()
        return set().union(*self.env["customer.value.mark"]._take(10000).values())

    # ---- currencies -----------------------------------------------------------------------------

    def _buy(self):
        """Have the customer be known, whatever becomes of their invoices."""
        self._order(self.customer, date(2024, 6, 1), 100.0)

    def test_paid_early_while_the_rate_fell(self):
        """100 euros of 125 dollars are paid when they are 100 dollars: 100 % in time."""
        self._buy()
        invoice = self._invoice("2024-06-01", 100.0, due="2024-06-28", currency_id=self.eur.id)
        self._pay(invoice, "2024-06-18")
        self.assertEqual(invoice.payment_state, "paid")
        # What the rate made of it is booked at the end of the month, after the due date.
        partials = invoice.line_ids.matched_credit_ids
        self.assertEqual(max(partials.mapped("max_date")), date(2024, 6, 30))
        self.assertEqual(self._score(), 100.0)

    def test_paid_early_while_the_rate_rose(self):
        self._buy()
        invoice = self._invoice("2024-06-20", 100.0, due="2024-08-31", currency_id=self.eur.id)
        self._pay(invoice, "2024-08-10")
        self.assertEqual(self._score(), 100.0)

    def test_half_paid_while_the_rate_fell(self):
        """Half of the euros in time, the other half after the due date: 50 %, whatever they were worth."""
        self._buy()
        invoice = self._invoice("2024-06-01", 100.0, due="2024-06-28", currency_id=self.eur.id)
        self._pay(invoice, "2024-06-18", amount=50.0, payment_difference_handling="open")
        self.assertEqual(self._score(), 50.0, "the rest is open")
        self._pay(invoice, "2024-08-10")
        self.assertEqual(self._score(), 50.0, "the rest came late")

    def test_credited_in_full_while_the_rate_fell(self):
        """Nothing was to be paid, so there is no score."""
        self._buy()
        invoice = self._invoice("2024-06-01", 100.0, due="2024-06-28", currency_id=self.eur.id)
        credit = self._invoice("2024-06-20", 100.0, kind="out_refund", currency_id=self.eur.id)
        (invoice | credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertIs(self._score(), False)

    def test_paid_late_in_a_foreign_currency(self):
        self._buy()
        self._pay(self._invoice("2024-06-01", 100.0, currency_id=self.eur.id), "2024-07-10")
        self.assertEqual(self._score(), 0.0)

    def test_cash_discount_is_paid_in_full(self):
        """2 % off within ten days, taken: nothing is left to pay."""
        self._buy()
        term = self.env["account.payment.term"].create({
            "name": "2/10 net 30", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        with_entry = self._invoice("2024-06-01", 100.0, invoice_payment_term_id=term.id)
        self._pay(with_entry, "2024-06-05")
        self.assertEqual(with_entry.payment_state, "paid")
        self.assertEqual(self._score(), 100.0)
        self._without_entries()
        without = self._invoice("2024-06-01", 100.0, invoice_payment_term_id=term.id)
        payment = self._pay(without, "2024-06-05")
        self.assertEqual((payment.amount, payment.move_id.state), (98.0, False))
        self.assertEqual(self._score(), 100.0)

    # ---- payments without an entry --------------------------------------------------------------

    def test_registered_payment_counts_on_its_day(self):
        self._buy()
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0)
        payment = self._pay(invoice, "2024-06-20")
        self.assertFalse(payment.move_id)
        self.assertEqual(self._score(), 100.0)
        self._statement(invoice, "2024-07-15", 100.0)
        self.assertEqual((invoice.payment_state, payment.state), ("paid", "paid"))
        self.assertEqual(self._score(), 100.0, "paid once, on the day of the payment, not of the statement")
        self.assertEqual(self._score(as_of=date(2024, 7, 5)), 100.0, "before the statement came")

    def test_registered_too_late(self):
        self._buy()
        self._without_entries()
        self._pay(self._invoice("2024-06-01", 100.0), "2024-07-02")
        self.assertEqual(self._score(), 0.0)

    def test_payment_that_is_called_off_was_none(self):
        self._buy()
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0)
        payment = self._pay(invoice, "2024-06-20")
        self.assertEqual(self._score(), 100.0)
        payment.action_reject()
        self.assertEqual(self._score(), 0.0)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._score(), 0.0)

    def test_part_is_registered(self):
        """40 of 100 in time; then 60 more, late."""
        self._buy()
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0)
        self._pay(invoice, "2024-06-20", amount=40.0, payment_difference_handling="open")
        self.assertEqual(self._score(), 40.0)
        self._pay(invoice, "2024-07-20", amount=60.0, payment_difference_handling="open")
        self.assertEqual(self._score(), 40.0)
        self._statement(invoice, "2024-07-22", 40.0)
        self._statement(invoice, "2024-07-23", 60.0)
        self.assertEqual(self._score(), 40.0)

    def test_statement_beside_a_pending_payment(self):
        """50 came by a transfer that nobody registered, 50 are registered: all in time."""
        self._buy()
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0)
        self._statement(invoice, "2024-06-10", 50.0)
        self._pay(invoice, "2024-06-20")
        self.assertEqual(self._score(), 100.0)

    def test_one_payment_of_two_invoices(self):
        """150 pay 100 that were due before and 50 that were not: a third in time."""
        self._buy()
        self._without_entries()
        late = self._invoice("2024-05-01", 100.0, due="2024-06-10")
        early = self._invoice("2024-06-01", 50.0)
        payment = self._pay(late | early, "2024-06-20", group_payment=True)
        self.assertEqual((len(payment), payment.amount), (1, 150.0))
        self.assertEqual(self._score(), 33.3)
        self._statement(late | early, "2024-07-20", 150.0)
        self.assertEqual(self._score(), 33.3)

    def test_registered_in_another_currency(self):
        """125 dollars pay 100 euros of an invoice at 1.25."""
        self._buy()
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0, currency_id=self.eur.id)
        self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.customer.id,
            "amount": 125.0, "currency_id": self.usd.id, "date": "2024-06-10", "journal_id": self.bank.id,
            "invoice_ids": [Command.set(invoice.ids)],
        }).action_post()
        self.assertEqual(self._score(), 100.0)

    def test_money_pays_the_oldest_instalment_first(self):
        """Two halves, due on 1 and 31 July; 50 on 20 June, 50 on 20 August: half in time."""
        self._buy()
        self._without_entries()
        term = self.env["account.payment.term"].create({"name": "Two halves", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (30, 60)
        ]})
        invoice = self._invoice("2024-06-01", 100.0, invoice_payment_term_id=term.id)
        for day in ("2024-06-20", "2024-08-20"):
            self._pay(invoice, day, amount=50.0, payment_difference_handling="open", installments_mode="full")
        self.assertEqual(self._score(), 50.0)
        self._statement(invoice, "2024-08-25", 100.0)
        self.assertEqual(self._score(), 50.0)

    def test_registering_marks_the_customer(self):
        self._without_entries()
        invoice = self._invoice("2024-06-01", 100.0)
        self._taken()
        payment = self._pay(invoice, "2024-06-20")
        self.assertIn(self.customer.id, self._taken())
        payment.date = "2024-06-21"
        self.assertIn(self.customer.id, self._taken())
        payment.action_cancel()
        self.assertIn(self.customer.id, self._taken())
        payment.action_draft()
        self._taken()
        payment.memo = "Nothing of interest"
        self.assertNotIn(self.customer.id, self._taken())
        payment.invoice_ids = False
        self.assertIn(self.customer.id, self._taken())
        invoice.matched_payment_ids = payment
        self.assertIn(self.customer.id, self._taken())
        payment.unlink()
        self.assertIn(self.customer.id, self._taken())

    # ---- invoices that were taken back ----------------------------------------------------------

    def _purchases(self):
        """Return (purchases, revenue, cost to serve) of the customer, the same from either recompute."""
        found = []
        for arguments in ({}, {"partners": self.customer}):
            self._recompute(**arguments)
            value = self._value(self.customer)
            found.append((value.order_count, value.revenue_total, value.cost_to_serve, value.cost_to_serve_score))
        self.assertEqual(*found)
        return found[0]

    def test_billed_anew_is_one_purchase(self):
        self.policy._renew({"revenue_source": "invoice"})
        invoice = self._invoice("2024-06-01", 100.0)
        again = self._reverse(invoice, "2024-06-05", again=True)
        self.assertEqual((invoice.payment_state, again.move_type, again.state), ("reversed", "out_invoice", "posted"))
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))
        value = self._value(self.customer)
        self.assertEqual(value.last_purchase_date, date(2024, 6, 5))
        self._pay(again, "2024-06-06")
        self.assertEqual(self._score(), 100.0)

    def test_billed_anew_costs_nothing_by_orders(self):
        self._buy()
        self._reverse(self._invoice("2024-06-01", 100.0), "2024-06-05", again=True)
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))

    def test_taken_back_by_a_credit_note_of_ones_own(self):
        """A credit note that was written by hand, and settles the invoice."""
        self.policy._renew({"revenue_source": "invoice"})
        invoice = self._invoice("2024-06-01", 100.0)
        credit = self._invoice("2024-06-05", 100.0, kind="out_refund")
        (invoice | credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self._invoice("2024-06-06", 100.0)
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))

    def test_paid_invoice_taken_back_and_billed_anew(self):
        """The payment stays with the first invoice, the credit note settles the new one."""
        self.policy._renew({"revenue_source": "invoice"})
        invoice = self._invoice("2024-06-01", 100.0)
        self._pay(invoice, "2024-06-02")
        credit = self._reverse(invoice, "2024-06-05")
        again = self._invoice("2024-06-05", 100.0)
        (credit | again).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual((invoice.payment_state, again.payment_state), ("paid", "reversed"))
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))
        self.assertEqual(self._score(), 100.0)

    def _bill(self, order, day="2024-06-02"):
        """Invoice all of an order."""
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def test_order_that_was_taken_back(self):
        """Orders are the source: what was returned in full and not billed anew is no purchase, and costs nothing."""
        self._buy()
        order = self._order(self.customer, date(2024, 6, 2), 40.0)
        invoice = self._bill(order)
        self.assertEqual(self._purchases(), (2, 140.0, 0.0, 0.0))
        note = self._reverse(invoice, "2024-06-20")
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))
        note.button_draft()
        self.assertEqual(self._recompute(partners=self.customer).kind, "incremental")
        self.assertEqual(self._value(self.customer).order_count, 2, "the credit note counts no more")
        note.action_post()
        self._recompute(partners=self.customer)
        self.assertEqual(self._value(self.customer).order_count, 1, "the same for some customers as for all")
        self._recompute(as_of=date(2024, 6, 10))
        self.assertEqual(self._value(self.customer).order_count, 2, "not yet taken back")
        note.complaint_id = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.",
            "partner_id": self.customer.id, "company_id": self.company.id,
        })
        self.assertEqual(self._purchases()[:2], (2, 140.0), "compensated: that purchase was made")

    def test_order_that_was_billed_anew(self):
        """Once there is another invoice, as a draft too, it is a purchase as before."""
        self._buy()
        order = self._order(self.customer, date(2024, 6, 2), 40.0)
        invoice = self._bill(order)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"date": "2024-06-20", "journal_id": invoice.journal_id.id})
        wizard.modify_moves()
        again = wizard.new_move_ids
        self.assertEqual((again.state, again in order.invoice_ids), ("draft", True))
        self.assertEqual(self._purchases(), (2, 140.0, 0.0, 0.0))
        again.invoice_date = "2024-06-21"
        again.action_post()
        self.assertEqual(self._purchases(), (2, 140.0, 0.0, 0.0))
        again.button_draft()
        again.button_cancel()
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))

    def test_drafts_that_bill_anew_mark_the_customer(self):
        """The draft decides whether the order counts, so it marks; any other draft marks nobody."""
        order = self._order(self.customer, date(2024, 6, 2), 40.0)
        order.order_line.qty_delivered = 1
        self._taken()
        draft = order._create_invoices()
        self.assertNotIn(self.customer.id, self._taken(), "the first invoice of an order")
        draft.invoice_date = "2024-06-02"
        draft.action_post()
        self._reverse(draft, "2024-06-20")
        self._recompute()
        self.assertFalse(self._value(self.customer).order_count)
        self._taken()
        again = order._create_invoices()
        self.assertEqual(again.state, "draft")
        self.assertIn(self.customer.id, self._taken())
        self._recompute(partners=self.customer)
        self.assertEqual(self._value(self.customer).order_count, 1)
        again.button_cancel()
        self.assertIn(self.customer.id, self._taken())
        self._recompute(partners=self.customer)
        self.assertFalse(self._value(self.customer).order_count)
        again.button_draft()
        self.assertIn(self.customer.id, self._taken())
        again.unlink()
        self.assertIn(self.customer.id, self._taken())

    def test_part_of_an_order_taken_back(self):
        """A wrong invoice of a part, such as a down payment, says nothing of the order; that of all of it does."""
        self._buy()
        order = self._order(self.customer, date(2024, 6, 2), 40.0)
        order.order_line = [Command.create({
            "product_id": self.product.id, "product_uom_qty": 1, "price_unit": 60.0, "tax_ids": False,
        })]
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.invoice_line_ids.filtered(lambda line: line.price_unit == 60.0).unlink()
        invoice.invoice_date = "2024-06-02"
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 40.0)
        self._reverse(invoice, "2024-06-20")
        self.assertEqual(self._purchases(), (2, 200.0, 0.0, 0.0))
        again = self._bill(order, "2024-06-21")
        self.assertEqual(again.amount_untaxed, 100.0)
        self._reverse(again, "2024-06-22")
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))

    def test_partial_credit_is_cost(self):
        for source in ("order", "invoice"):
            with self.subTest(source):
                self.customer = self._partner(f"Payer by {source}")
                self.env["customer.value.policy"]._get_active(self.company)._renew({"revenue_source": source})
                self._buy()
                invoice = self._invoice("2024-06-01", 100.0)
                wizard = self.env["account.move.reversal"].with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create({"date": "2024-06-05", "journal_id": invoice.journal_id.id})
                wizard.refund_moves()
                wizard.new_move_ids.invoice_line_ids.price_unit = 25.0
                wizard.new_move_ids.action_post()
                self.assertEqual(self._purchases(), (1, {"order": 100.0, "invoice": 75.0}[source], 25.0, 25.0))

    def test_credit_for_a_complaint_is_cost(self):
        """Also where it is all the customer had paid: that purchase was made, and compensated."""
        self.policy._renew({"revenue_source": "invoice"})
        invoice = self._invoice("2024-06-01", 100.0)
        credit = self._reverse(invoice, "2024-06-05")
        self._recompute()
        self.assertFalse(self._value(self.customer))
        credit.complaint_id = self.env["customer.complaint"].create({
            "name": "Broken", "description": "It is broken.",
            "partner_id": self.customer.id, "company_id": self.company.id,
        })
        self.assertEqual(self._purchases(), (1, 0.0, 100.0, 100.0))

    def test_taken_back_later_was_a_purchase_before(self):
        self.policy._renew({"revenue_source": "invoice"})
        self._reverse(self._invoice("2024-06-01", 100.0), "2024-06-20")
        self._recompute(as_of=date(2024, 6, 10))
        self.assertEqual(self._value(self.customer).order_count, 1)
        self._recompute()
        self.assertFalse(self._value(self.customer), "nothing was ever bought")

    def test_taking_back_in_a_foreign_currency(self):
        """What the rate made of it in between is no purchase either."""
        self.policy._renew({"revenue_source": "invoice"})
        again = self._reverse(
            self._invoice("2024-06-01", 100.0, currency_id=self.eur.id), "2024-06-20", again=True
        )
        self.assertEqual(again.amount_untaxed_signed, 100.0)
        self.assertEqual(self._purchases(), (1, 100.0, 0.0, 0.0))
