from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import tagged

from ..common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestMeasures(CustomerValueCase):
    """Each measure on examples worked out by hand."""

    def _read(self, partner, *names):
        return [self._value(partner)[name] for name in names]

    def test_plain_sums_and_window(self):
        """365 days are today and the 364 days before; the window before has as many."""
        customer = self._partner("Window")
        self._order(customer, 0, 100.0, cost=60.0)
        self._order(customer, 364, 50.0, cost=20.0)
        self._order(customer, 365, 30.0, cost=30.0)
        self._order(customer, 729, 7.0)
        self._order(customer, 730, 2.0)
        self._recompute()
        self.assertEqual(
            self._read(
                customer, "revenue_total", "margin_total", "revenue_12m", "margin_12m",
                "revenue_previous_12m", "order_count", "order_count_12m", "purchase_days_12m",
                "first_purchase_date", "last_purchase_date", "revenue_trend",
            ),
            [189.0, 79.0, 150.0, 70.0, 37.0, 5, 2, 2, self._day(730), self._day(0), "up"],
        )

    def test_drafts_and_cancelled_orders_count_for_nothing(self):
        customer, cancelled = self._partner("Draft"), self._partner("Cancelled")
        for state in ("draft", "sent", "cancel"):
            self._order(customer, 5, 100.0, state=state)
        self._order(cancelled, 5, 100.0, state="cancel")
        self._recompute()
        self.assertFalse(self._value(cancelled))
        # Who has an open quotation is a prospect: known, but worth nothing yet.
        value = self._value(customer)
        self.assertEqual((value.order_count, value.revenue_total, value.value_index), (0, 0, 0))
        self.assertFalse(value.first_purchase_date or value.value_class or value.rfm_segment)

    def test_partner_without_orders_has_no_value(self):
        prospect = self._partner("Prospect")
        self._recompute()
        self.assertFalse(prospect.customer_value_id)
        self.assertFalse(prospect.value_class)
        self.assertIn(prospect, self.env["res.partner"].search([("customer_value_id", "=", False)]))

    def test_order_with_amount_zero_is_no_purchase(self):
        """A free sample: known to the table, nothing to score."""
        customer = self._partner("Sample")
        self._order(customer, 5, 0.0, cost=3.0)
        self._recompute()
        self.assertEqual(
            self._read(
                customer, "order_count", "purchase_days", "margin_total", "last_purchase_date",
                "recency_score", "rfm_segment", "value_class", "value_index",
            ),
            [0, 0, -3.0, False, 0, False, False, 0.0],
        )

    def test_return_reduces_revenue_and_is_no_purchase(self):
        customer = self._partner("Return")
        self._order(customer, 50, 100.0)
        self._order(customer, 10, -30.0)
        self._recompute()
        self.assertEqual(
            self._read(customer, "revenue_12m", "order_count", "purchase_days", "last_purchase_date"),
            [70.0, 1, 1, self._day(50)],
        )

    def test_company_is_not_its_own_customer(self):
        self._order(self.company.partner_id, 5, 100.0)
        self._recompute()
        self.assertFalse(self._value(self.company.partner_id))

    def test_contacts_roll_up_and_show_their_company(self):
        customer = self._partner("Parent", is_company=True)
        contact = self._partner("Child", parent_id=customer.id)
        self._order(contact, 5, 100.0)
        self._recompute()
        self.assertFalse(self._value(contact))
        self.assertEqual(self._value(customer).revenue_total, 100.0)
        self.assertEqual(contact.customer_value_id, self._value(customer))

    def test_rfm_of_ten_customers(self):
        """Quintiles of ten: the 2nd, 4th, 6th and 8th value are the cut-points."""
        customers = [self._partner(f"C{number}") for number in range(10)]
        for number, customer in enumerate(customers, 1):
            # Customer n bought 10 n days ago, for 10 n; customers 9 and 10 bought twice.
            self._order(customer, 10 * number, 10.0 * number)
            if number >= 9:
                self._order(customer, 10 * number + 1, 0.5)
        before = self._partner("Long ago")
        self._order(before, 400, 1000.0)
        self._recompute()
        found = [
            self._read(customer, "recency_score", "frequency_score", "monetary_score")
            for customer in customers
        ]
        self.assertEqual(found, [
            [5, 1, 1], [5, 1, 1], [4, 1, 2], [4, 1, 2], [3, 1, 3],
            [3, 1, 3], [2, 1, 4], [2, 1, 4], [1, 5, 5], [1, 5, 5],
        ])
        self.assertEqual(
            self._read(before, "recency_score", "frequency_score", "monetary_score", "rfm_segment",
                       "value_class"),
            [1, 1, 1, "lost", False],
        )
        self.assertEqual(
            [self._value(customer).rfm_segment for customer in customers],
            ["new", "new", "promising", "promising", "need_attention",
             "need_attention", "at_risk", "at_risk", "cant_lose", "cant_lose"],
        )

    def test_pareto_classes(self):
        """Of 1000: 500 + 250 + 100 make A (750 before the third), 50 + 50 + 50 B, the rest C."""
        revenues = (500, 250, 100, 50, 50, 40, 10)
        customers = [self._partner(f"P{revenue}") for revenue in revenues]
        for customer, revenue in zip(customers, revenues, strict=True):
            self._order(customer, 5, float(revenue))
        run = self._recompute()
        # Before the 40 stand 950 of 1000, which is not below 95 %.
        self.assertEqual(
            [self._value(customer).value_class for customer in customers], list("aaabbcc")
        )
        self.assertEqual((run.cut_points["pareto_a"], run.cut_points["pareto_b"]), ("100.00", "50.00"))

    def test_pareto_ties_share_a_class(self):
        """Ten equal customers: nobody stands before anybody, so all are A."""
        customers = [self._partner(f"T{number}") for number in range(10)]
        for customer in customers:
            self._order(customer, 5, 10.0)
        self._recompute()
        self.assertEqual({self._value(customer).value_class for customer in customers}, {"a"})

    def test_typical_gap_and_cadence(self):
        """Gaps 10, 20, 60: median 20; the company's median of medians (20, 100) is 60."""
        often, seldom, once = (self._partner(name) for name in ("Often", "Seldom", "Once"))
        for ago in (100, 90, 70, 10):
            self._order(often, ago, 10.0)
        for ago in (150, 50):
            self._order(seldom, ago, 10.0)
        self._order(once, 30, 10.0)
        self._recompute()
        # (3 * 20 + 2 * 60) / 5, (1 * 100 + 2 * 60) / 3, and the company's own.
        self.assertEqual(self._value(often).typical_gap, 36.0)
        self.assertEqual(self._value(seldom).typical_gap, 73.33)
        self.assertEqual(self._value(once).typical_gap, 60.0)
        self.assertEqual(self._value(once).cadence_ratio, 0.5)

    def test_loyalty_by_hand(self):
        """Two years from first to last purchase and punctual: 50 * (1 - 1/2) + 50 * 1/3 = 41.7."""
        customer = self._partner("Loyal")
        self._order(customer, 730, 10.0)
        self._order(customer, 0, 10.0)
        late = self._partner("Late")
        # Gaps 10 and 10: typical (2 * 10 + 2 * median(730, 10)) / 4 = (20 + 740) / 4 = 190.
        # 380 days of silence are two gaps: half of the regularity that 2 of 4 gaps give.
        for ago in (400, 390, 380):
            self._order(late, ago, 10.0)
        self._recompute()
        self.assertEqual(self._value(customer).loyalty_score, 41.7)
        self.assertEqual(self._value(late).typical_gap, 190.0)
        tenure = 50 * (1 - 2 ** (-20 / 730))
        self.assertEqual(self._value(late).loyalty_score, round(tenure + 50 * 0.5 * 0.5, 1))

    def test_current_value_and_index_add_up(self):
        """Four customers by margin: 25, 50, 75, 100 percent; weights 50 : 40 : 30 of what is known."""
        customers = [self._partner(f"V{number}") for number in range(1, 5)]
        for number, customer in enumerate(customers, 1):
            self._order(customer, 5, 1000.0 / number, cost=1000.0 / number - 10 * number)
        self._recompute()
        values = [self._value(customer) for customer in customers]
        self.assertEqual([value.current_value_score for value in values], [25, 50, 75, 100])
        # 5 : 4 : 3. All are expected to buy as often, so future value ranks like current value; nobody has loyalty
        # yet: 25 * 9 / 12 = 18.75 and so on.
        self.assertEqual([value.value_index for value in values], [18.8, 37.5, 56.3, 75.0])
        for value in values:
            parts = value.explanation["parts"]
            self.assertEqual(
                round(sum(part["points"] for part in parts), 1), value.value_index
            )
            self.assertEqual([round(part["weight"], 1) for part in parts], [41.7, 33.3, 0, 25, 0, 0, 0, 0])
            self.assertEqual([part["missing"] for part in parts], [False, False, True, False, True, True, True, True])

    def test_basis_falls_back_to_revenue_and_says_so(self):
        customer = self._partner("History")
        self.env["customer.purchase.history"].create({
            "company_id": self.company.id, "partner_id": customer.id, "date": self._day(3),
            "amount": 20.0,
        })
        run = self._recompute()
        self.assertEqual(self._value(customer).current_value_score, 100.0)
        self.assertEqual(run.cut_points["basis"], "revenue")
        self.assertIn("measured by revenue", run.warning)

    def _chart(self):
        """Load a chart of accounts for the company and return its bank journal."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )

    def _invoice(self, customer, ago, amount, kind="out_invoice", **line):
        """Post an invoice or credit note of ``ago`` days ago, due after 30 days."""
        move = self.env["account.move"].create({
            "move_type": kind,
            "partner_id": customer.id,
            "invoice_date": self._day(ago),
            "invoice_date_due": self._day(ago - 30),
            "invoice_line_ids": [Command.create({
                "product_id": self.product.id, "price_unit": amount, "tax_ids": False, **line,
            })],
        })
        move.action_post()
        return move

    def _pay(self, invoice, ago, journal):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self._day(ago), "journal_id": journal.id})._create_payments()

    def _settle(self, invoice, refund):
        (invoice | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

    def test_payment_score(self):
        """Due 100 in time, 200 late, 100 of which a credit note took: 100 of 200 is 50 %."""
        journal = self._chart()
        customer = self._partner("Payer")
        in_time, late = self._invoice(customer, 100, 100.0), self._invoice(customer, 100, 200.0)
        self._settle(late, self._invoice(customer, 90, 100.0, "out_refund"))
        self._pay(in_time, 70, journal)
        self._pay(late, 69, journal)
        self._order(customer, 100, 300.0)
        self._recompute()
        self.assertEqual(self._read(customer, "has_payment_score", "payment_score"), [True, 50.0])
        # The day before anything fell due there is nothing to say.
        self._recompute(as_of=self._day(71))
        self.assertEqual(self._read(customer, "has_payment_score", "payment_score"), [False, 0.0])

    def test_later_credit_note_does_not_exist_yet(self):
        """100 of 200 paid in time; once the other 100 is credited, nothing else was to be paid."""
        journal = self._chart()
        customer = self._partner("Complainer")
        self._order(customer, 100, 300.0)
        paid, credited = self._invoice(customer, 100, 100.0), self._invoice(customer, 100, 100.0)
        self._pay(paid, 80, journal)
        self._settle(credited, self._invoice(customer, 20, 100.0, "out_refund"))
        self._recompute(as_of=self._day(40))
        self.assertEqual(self._value(customer).payment_score, 50.0)
        self._recompute()
        self.assertEqual(self._value(customer).payment_score, 100.0)

    def test_cost_of_an_invoice_line_in_dozens(self):
        """One dozen at 120, each costs 7: a margin of 120 - 84 = 36; a credit note takes it back."""
        self._chart()
        self.policy._renew({"revenue_source": "invoice"})
        self.product.with_company(self.company).standard_price = 7.0
        dozen = self.env.ref("uom.product_uom_dozen")
        customer = self._partner("Baker")
        self._invoice(customer, 50, 120.0, product_uom_id=dozen.id)
        self._invoice(customer, 40, 10.0, "out_refund")
        self._recompute()
        self.assertEqual(
            self._read(customer, "revenue_total", "margin_total", "order_count", "last_purchase_date"),
            [110.0, 33.0, 1, self._day(50)],
        )

    def test_day_of_purchase_in_the_company_time_zone(self):
        """23:30 UTC is the next day in Auckland and the same day in Los Angeles."""
        customer = self._partner("Traveller")
        self._order(customer, 0, 10.0, at=datetime(2026, 3, 10, 23, 30))
        for zone, day in (
            ("Pacific/Auckland", date(2026, 3, 11)),
            ("America/Los_Angeles", date(2026, 3, 10)),
        ):
            self.env["customer.value.policy"]._get_active(self.company)._renew({"tz": zone})
            self._recompute()
            self.assertEqual(self._value(customer).last_purchase_date, day)
        # As of the 10th the purchase of the 11th does not exist in Auckland.
        self.env["customer.value.policy"]._get_active(self.company)._renew({"tz": "Pacific/Auckland"})
        self._recompute(as_of=date(2026, 3, 10))
        self.assertFalse(self._value(customer))

    def test_rate_of_the_document(self):
        """100 EUR at 0.8 EUR per USD are 125 USD, whatever the rate is today."""
        self.env["res.currency.rate"].create([
            {"name": self._day(100), "currency_id": self.eur.id, "rate": 0.8, "company_id": self.company.id},
            {"name": self._day(1), "currency_id": self.eur.id, "rate": 0.5, "company_id": self.company.id},
        ])
        customer = self._partner("European")
        self._euro_order(customer)
        run = self._recompute()
        self.assertEqual(self._value(customer).revenue_total, 125.0)
        self.assertFalse(run.warning)

    def test_missing_rate_is_reported_and_not_one(self):
        customer = self._partner("Rateless")
        self.env["res.currency.rate"].search([("currency_id", "=", self.eur.id)]).unlink()
        order = self._euro_order(customer)
        self._order(customer, 20, 10.0)
        self.assertEqual(order.currency_rate, 1.0, "Odoo takes 1.0 for a currency without a rate")
        run = self._recompute()
        self.assertEqual(self._value(customer).revenue_total, 10.0)
        self.assertIn(order.name, run.warning)
        self.assertIn("no rate", run.warning)

    def _euro_order(self, customer):
        pricelist = self.env["product.pricelist"].create({
            "name": "EUR", "currency_id": self.eur.id, "company_id": False,
        })
        order = self._order(customer, 50, 100.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.eur)
        return order

    def test_days_since_purchase_search(self):
        """"No purchase for 90 days" finds who bought 91 days ago and not who bought 90 days ago."""
        late, recent = self._partner("Ninety-one"), self._partner("Ninety")
        self._order(late, 91, 10.0)
        self._order(recent, 90, 10.0)
        self._recompute()
        found = self.env["customer.value"].search([
            ("company_id", "=", self.company.id), ("days_since_purchase", ">", 90),
        ])
        self.assertEqual(self._value(late).days_since_purchase, 91)
        self.assertEqual(found.partner_id, late)
