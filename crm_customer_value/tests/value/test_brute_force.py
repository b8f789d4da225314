import random
from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytz

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.float_utils import float_round

from ..common import CustomerValueCase, channel
from . import brute_force

COMPARED = (
    "revenue_total", "margin_total", "revenue_12m", "margin_12m", "revenue_previous_12m",
    "order_count", "order_count_12m", "purchase_days", "purchase_days_12m",
    "first_purchase_date", "last_purchase_date", "typical_gap",
    "recency_score", "frequency_score", "monetary_score", "value_class", "revenue_trend",
    "current_value_score", "loyalty_score", "payment_score", "has_payment_score",
    "development_index", "has_development", "cost_to_serve", "cost_to_serve_score",
    "current_value_points", "development_points", "loyalty_points", "payment_points",
    "cost_to_serve_points", "bounds_points", "value_to_us", "value_index",
    "development_evidence", "payment_evidence", "satisfaction_evidence",
    "margin_rate_12m", "margin_rate_previous_12m", "net_contribution_12m", "net_contribution_previous_12m",
    "costs_more",
    "open_complaints", "open_severe_complaints", "complaint_count_12m", "late_complaint_count_12m", "csat",
    "csat_count", "adopted_suggestions", "satisfaction_score", "has_satisfaction_score", "satisfaction_points",
)
ZONES = ("Pacific/Auckland", "America/Los_Angeles", "UTC")


@tagged("post_install", "-at_install")
class TestBruteForce(CustomerValueCase):
    """Set-based SQL against loops over records, on random data with everything in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20)
        # Predictions are checked in test_outlook; without weight they leave the index alone.
        cls.policy._renew(weights={"future_value": 0})
        cls.sister = cls._make_company("Value Sister Company", tz=ZONES[1])
        cls.env["customer.value.policy"]._get_active(cls.sister)._renew(
            {"class_basis": "margin"}, weights={"future_value": 0}
        )
        cls.env["res.currency.rate"].create([
            {"name": cls._day(2000), "currency_id": cls.eur.id, "rate": rate, "company_id": company.id}
            for company, rate in ((cls.company, 0.83), (cls.sister, 0.91))
        ])
        cls.partners = cls._make_partners(40)

    @classmethod
    def _make_partners(cls, number):
        partners = cls.env["res.partner"]
        for position in range(number):
            customer = cls._partner(f"Customer {position}", is_company=position % 3 == 0)
            partners |= customer
            if position % 3 == 0:
                partners |= cls._partner(f"Buyer {position}", parent_id=customer.id, type="delivery")
        return partners

    def _assert_same(self, company, expected, as_of):
        values = {value.partner_id: value for value in self.env["customer.value"].search(
            [("company_id", "=", company.id)]
        )}
        zone = pytz.timezone(self.env["customer.value.policy"]._get_active(company).tz)
        prospects = self.env["sale.order"].search([
            ("company_id", "=", company.id), ("state", "in", ("draft", "sent")),
        ]).filtered(
            lambda order: pytz.utc.localize(order.create_date).astimezone(zone).date() <= as_of
        ).partner_id.commercial_partner_id
        self.assertEqual(set(values), set(expected) | set(prospects))
        buyers = [customer for customer, row in expected.items() if row["purchase_days"]]
        self._assert_future(values, buyers)
        for customer, row in expected.items():
            for name in COMPARED:
                stored, wanted = values[customer][name], row[name]
                if isinstance(stored, float):
                    stored, wanted = float_round(stored, 2), float(wanted)
                self.assertEqual(stored, wanted, f"{name} of {customer.name}")
            self.assertAlmostEqual(
                sum(values[customer][f"{part}_points"] for part in self._index_lines()),
                values[customer].value_index, 6,
            )

    def _assert_future(self, values, buyers):
        """Everybody who bought has a forecast and a score of it, and nobody else."""
        self.assertEqual({customer for customer, value in values.items() if value.has_prediction}, set(buyers))
        scores = brute_force.future_values(
            {customer: Decimal(str(values[customer].clv_12m)) for customer in buyers}
        )
        for customer, value in values.items():
            if customer in scores:
                self.assertEqual(value.future_value_score, scores[customer], customer.name)
            self.assertEqual(value.future_value_score is not False, customer in scores, customer.name)

    @classmethod
    def _complain(cls, number):
        """Make random complaints to both companies, rated or not, merged, rejected, archived; and suggestions."""
        pick = cls.random
        # Deadlines are made up below.
        cls.env["customer.complaint.sla"].search([]).active = False
        stages = {stage.state: stage for stage in cls.env["customer.complaint.stage"].search([], order="id desc")}
        ideas = {stage.state: stage for stage in cls.env["customer.suggestion.stage"].search([], order="id desc")}
        for company in cls.company | cls.sister:
            company.complaint_hour_cost = 17.35
            complaints, suggestions = cls.env["customer.complaint"], cls.env["customer.suggestion"]
            for position in range(number):
                received = datetime.combine(cls._day(pick.randrange(1, 500)), datetime.min.time())
                received += timedelta(minutes=pick.randrange(1440))
                complaint = complaints.create({
                    "name": f"Complaint {position}", "channel_id": channel(cls.env, "email"),
                    "company_id": company.id,
                    "partner_id": pick.choice(cls.partners[:30]).id, "date_received": received,
                    "severity": pick.choice(("low", "medium", "high", "critical")),
                    # What is severe is closed with these only.
                    "root_cause": "Haste", "corrective_action": "Patience", "reject_reason": "Too late",
                    "compensation": pick.choice((0, 0, 5.5, 20.01)), "handling_hours": pick.choice((0, 0.25, 3.1)),
                })
                if pick.randrange(3):
                    complaint.stage_id = stages[pick.choice(("handling", "closed", "closed", "rejected"))]
                if complaint.date_closed:
                    complaint.date_closed = received + timedelta(hours=pick.randrange(600))
                if not pick.randrange(3):
                    cls.env["rating.rating"].create({
                        "res_model_id": cls.env["ir.model"]._get_id("customer.complaint"),
                        "res_id": complaint.id, "rating": pick.choice((0, 1, 2, 3, 4, 5)),
                        "consumed": bool(pick.randrange(4)),
                    }).rated_on = received + timedelta(hours=pick.randrange(900))
                if complaints and not pick.randrange(6):
                    complaint.merged_into_id = pick.choice(complaints)
                complaint.active = bool(pick.randrange(9))
                # The last thing to be written: the clock takes away deadlines that no rule has set.
                deadline = received + timedelta(hours=pick.randrange(400))
                complaint.write({"resolve_deadline": deadline, "resolve_missed": not pick.randrange(3)})
                complaints |= complaint
                suggestion = suggestions.create({
                    "name": f"Suggestion {position}", "company_id": company.id,
                    "partner_id": pick.choice(cls.partners[:20]).id,
                    "stage_id": ideas[pick.choice(("new", "planned", "implemented"))].id,
                })
                if suggestion.state == "implemented":
                    suggestion.date_implemented = cls._day(pick.randrange(400))
                if suggestions and not pick.randrange(3):
                    suggestion.merged_into_id = pick.choice(suggestions)
                suggestions |= suggestion
            cls._be_in_touch(company, number)

    @classmethod
    def _be_in_touch(cls, company, number):
        """Log random contacts with a company's customers, timed or not."""
        pick = random.Random(number)
        for _contact in range(number):
            cls.env["customer.contact.log"].create({
                "company_id": company.id, "partner_id": pick.choice(cls.partners[:30]).id, "summary": "They grow",
                "date": datetime.combine(cls._day(pick.randrange(1, 800)), datetime.min.time()),
                "minutes": pick.choice((False, 0, 7, 45, 600)),
            })

    def _said(self, company, policy, as_of):
        return brute_force.said(company, policy, as_of, company.complaint_hour_cost)

    def test_orders(self):
        """Ties, refunds, two currencies, two companies, three time zones, children, archived."""
        pick = self.random
        sister = self.sister
        orders = self.env["sale.order"]
        pricelist = self.env["product.pricelist"].create({
            "name": "EUR", "currency_id": self.eur.id, "company_id": False,
        })
        amounts = (10.0, 10.0, 25.5, 99.99, 250.0, 0.0, -40.0)
        for number in range(400):
            company = sister if number % 4 == 0 else self.company
            values = {"pricelist_id": pricelist.id} if number % 5 == 0 else {}
            # Hours around midnight: the day depends on the zone.
            at = datetime.combine(self._day(int(pick.random() ** 2 * 900)), datetime.min.time())
            at += timedelta(minutes=pick.randrange(1440))
            amount = pick.choice(amounts) * pick.choice((1, 1, 3))
            orders |= self._order(
                pick.choice(self.partners), 0, amount, cost=round(amount * 0.6, 2), at=at,
                company=company, state=pick.choice(("sale",) * 8 + ("draft", "cancel")), **values,
            )
        self.assertEqual(len(orders.currency_id), 2)
        history = self.env["customer.purchase.history"].create([
            {
                "company_id": self.company.id, "partner_id": pick.choice(self.partners).id,
                "date": self._day(pick.randrange(1000)), "amount": pick.choice((15.0, 30.0, -5.0)),
                "has_margin": bool(pick.randrange(2)), "margin": 4.0,
            }
            for _number in range(60)
        ])
        self._complain(60)
        self.partners[5:8].action_archive()
        for zone in ZONES:
            self.env["customer.value.policy"]._get_active(self.company)._renew({"tz": zone})
            for as_of in (self._day(1), self._day(200)):
                self._recompute(self.company | sister, as_of=as_of)
                for company in self.company | sister:
                    policy = self.env["customer.value.policy"]._get_active(company)
                    facts = [
                        *brute_force.order_facts(orders, company, policy.tz),
                        *brute_force.history_facts(history, company),
                    ]
                    self._assert_same(
                        company,
                        brute_force.customer_values(
                            facts, {}, policy, as_of, told=self._said(company, policy, as_of)
                        ),
                        as_of,
                    )

    def _register_without_entry(self, invoices, journal):
        """Register payments that make no entry, a part or all, for one or two invoices."""
        pick, payments = self.random, self.env["account.payment"]
        journal = journal.copy({"name": "Without Entries", "code": "NOENT"})
        journal.inbound_payment_method_line_ids.payment_account_id = False
        # As Odoo's accounting application has it.
        self.startPatcher(patch.object(
            self.env.registry["account.move"], "_get_invoice_in_payment_state", lambda _self: "in_payment"
        ))
        for first, second in zip(invoices, invoices[1:] + invoices[:1], strict=True):
            together = first
            if second.partner_id == first.partner_id and second.currency_id == first.currency_id:
                together |= second
            payments |= payments.create({
                "payment_type": "inbound", "partner_type": "customer", "partner_id": first.partner_id.id,
                "amount": round(sum(together.mapped("amount_total")) * pick.choice((0.4, 1, 1)), 2),
                "currency_id": pick.choice((first.currency_id, self.usd)).id,
                "date": first.invoice_date + timedelta(days=pick.randrange(60)),
                "journal_id": journal.id, "invoice_ids": [Command.set(together.ids)],
            })
        payments.action_post()
        payments[::3].action_validate()
        payments[-1].action_reject()
        self.assertFalse(payments.move_id)
        return self.env["account.move"]

    def _take_back(self, invoices):
        """Reverse invoices, every other one to bill it anew; return the credit notes and new invoices."""
        before = self.env["account.move"].search([("company_id", "=", self.company.id)])
        for number, invoice in enumerate(invoices):
            wizard = self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({
                "date": invoice.invoice_date + timedelta(days=self.random.randrange(10)),
                "journal_id": invoice.journal_id.id,
            })
            if number % 2:
                wizard.refund_moves()
            else:
                wizard.modify_moves()
                wizard.new_move_ids.invoice_date = invoice.invoice_date
            wizard.new_move_ids.action_post()
        after = self.env["account.move"].search([("company_id", "=", self.company.id)])
        return (after - before).filtered(lambda move: move.is_sale_document(True))

    def test_invoices(self):
        """Invoices less credit notes, costs from order lines and products, payments in and out of time.

        Rates change between an invoice and its payment; some payments make no entry; some invoices are
        taken back and billed anew.
        """
        pick = self.random
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.env["res.currency.rate"].create([
            {"name": self._day(ago), "currency_id": self.eur.id, "rate": rate, "company_id": self.company.id}
            for ago, rate in ((500, 0.71), (340, 0.97), (200, 0.64), (90, 0.88))
        ])
        self.env["customer.value.policy"]._get_active(self.company)._renew({
            "revenue_source": "invoice", "window_days": 300,
        })
        self.product.standard_price = 7.0
        moves = self.env["account.move"]
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        for number in range(90):
            day = self._day(10 + pick.randrange(600))
            kind = "out_refund" if number % 6 == 5 else "out_invoice"
            moves |= self.env["account.move"].create({
                "move_type": kind,
                "partner_id": pick.choice(self.partners).id,
                "invoice_date": day,
                "invoice_date_due": day + timedelta(days=30),
                "currency_id": (self.eur if number % 4 == 0 else self.usd).id,
                "invoice_line_ids": [Command.create({
                    "product_id": self.product.id, "quantity": pick.choice((1, 2, 5)),
                    "price_unit": pick.choice((20.0, 33.33, 150.0)), "tax_ids": False,
                })],
            })
        order = self._order(self.partners[0], 40, 80.0, cost=31.0)
        order.order_line.qty_delivered = 1
        moves |= order._create_invoices()
        moves[-1].invoice_date = self._day(39)
        # A credit note will settle an invoice: that money was never to be paid.
        refund, settled = moves[5], moves[6]
        settled.partner_id = refund.partner_id
        posted = moves[:-5] | moves[-1]
        posted.action_post()
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice") - settled
        for move in invoices[::2]:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({
                "payment_date": move.invoice_date + timedelta(days=pick.randrange(60)),
                "journal_id": journal.id,
            })._create_payments()
        moves |= self._register_without_entry(invoices[1::4], journal)
        moves |= self._take_back(invoices[3::8])
        (refund | settled).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self._complain(40)
        credited = self.env["customer.complaint"].search(
            [("company_id", "=", self.company.id), ("compensation", ">", 0)]
        )
        for complaint, move in zip(credited, posted.filtered(lambda one: one.move_type == "out_refund"), strict=False):
            move.complaint_id = complaint
        policy = self.env["customer.value.policy"]._get_active(self.company)
        for as_of in (self.today, self._day(100)):
            self._recompute(as_of=as_of)
            start = as_of - timedelta(days=policy.window_days - 1)
            due = brute_force.payments(moves, self.company, as_of, start)
            if as_of == self.today:
                self.assertTrue(any(0 < paid < owed for owed, paid, _number in due.values()))
            credited = brute_force.credits(moves, self.company, as_of, start)
            self.assertTrue(any(credited.values()))
            self.assertTrue(brute_force.reversals(moves, self.company, as_of))
            facts = brute_force.invoice_facts(moves, self.company, as_of)
            self._assert_same(
                self.company,
                brute_force.customer_values(
                    facts, due, policy, as_of, credited, self._said(self.company, policy, as_of)
                ),
                as_of,
            )
