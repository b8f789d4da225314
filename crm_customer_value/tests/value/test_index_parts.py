from datetime import datetime, time

from odoo.fields import Command
from odoo.tests import tagged

from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestIndexParts(SatisfactionCase):
    """Parts come and go with the evidence behind them, on numbers worked out by hand."""

    def _adds_up(self, value):
        self.assertAlmostEqual(sum(value[f"{part}_points"] for part in self._index_lines()), value.value_index, 6)
        explained = value.explanation
        points = sum(part["points"] for part in explained["parts"])
        points += explained["bounds"]["points"] if explained["bounds"] else 0
        self.assertAlmostEqual(points, value.value_index, 6)

    def _part(self, value, key):
        return next(part for part in value.explanation["parts"] if part["key"] == key)

    def test_development_counts_by_purchases_before(self):
        """1 purchase day before is a quarter of the weight, 3 are half of it, 9 three quarters."""
        self.policy._renew(weights={"development": 20})
        customers = {days: self._partner(f"{days} before") for days in (1, 3, 9)}
        for days, customer in customers.items():
            for position in range(days):
                self._order(customer, 400 + position, 100.0)
                self._order(customer, 20 + position, 100.0)
        self._recompute()
        for days, evidence in ((1, 25.0), (3, 50.0), (9, 75.0)):
            value = self._value(customers[days])
            # Everybody spends what they spent before, as the company does.
            self.assertEqual((value.development_evidence, value.development_index), (evidence, 50.0))
            counted = 20 * evidence / 100
            expected = (50 * value.current_value_score + 30 * value.loyalty_score + counted * 50) / (80 + counted)
            self.assertAlmostEqual(value.value_index, expected, delta=0.051)
            self.assertEqual(value.value_to_us, value.value_index)
            part = self._part(value, "development")
            self.assertAlmostEqual(part["weight"], 100 * counted / (80 + counted), 6)
            self.assertEqual(part["few_data"], evidence < 50)
            self._adds_up(value)

    def test_development_goes_gently(self):
        """The day the only purchase of the window before grows too old: a quarter of the weight goes, not all.

        Growing four times as much as the company is a development of 100 in the end, beside a current value and
        a loyalty that are small.
        """
        self.policy._renew(weights={"development": 20})
        small, big = self._partner("Small"), self._partner("Big")
        self._order(small, 730, 100.0)
        self._order(small, 10, 900.0)
        for number in range(10):
            self._order(big, 700 - number, 1000.0)
            self._order(big, 100 - number, 1000.0)
        self._recompute(as_of=self._day(1))
        before = self._value(small)
        self.assertEqual(before.development_evidence, 25.0)
        self.assertGreater(before.development_index, 60)
        index, current, loyalty = before.value_index, before.current_value_score, before.loyalty_score
        self._recompute()
        after = self._value(small)
        self.assertEqual((after.has_development, after.development_evidence), (False, 0.0))
        self.assertEqual((after.current_value_score, after.loyalty_score), (current, loyalty))
        self.assertLess(abs(after.value_index - index), 2.0)

    def test_without_evidence_is_as_without_the_part(self):
        """A weight changes nothing for who has no evidence."""
        customer = self._partner("New")
        self._order(customer, 20, 100.0)
        self._recompute()
        before = self._value(customer).value_index
        self.policy._renew(weights={"development": 900, "payment": 900})
        self._recompute()
        self.assertEqual(self._value(customer).value_index, before)

    def test_payment_counts_by_due_amounts(self):
        """One invoice that was paid late: 0 points of a quarter of 20; current value 100 and loyalty 0 beside it.

        50 * 100 / (50 + 30 + 5) = 58.82
        """
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        customer = self._partner("Late")
        self._order(customer, 20, 100.0)
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": self._day(40),
            "invoice_date_due": self._day(10),
            "invoice_line_ids": [Command.create({"name": "Thing", "price_unit": 100.0, "tax_ids": False})],
        })
        invoice.action_post()
        self._recompute()
        value = self._value(customer)
        self.assertEqual((value.payment_score, value.payment_evidence), (0.0, 25.0))
        self.assertEqual((value.current_value_score, value.loyalty_score, value.value_index), (100.0, 0.0, 58.8))
        part = self._part(value, "payment")
        self.assertTrue(part["few_data"])
        self.assertAlmostEqual(part["weight"], 100 * 5 / 85, 6)
        self._adds_up(value)

    def test_satisfaction_counts_by_answers(self):
        """One closed complaint is a third of the weight, whatever the ratings say they only give back.

        Current value 100, loyalty 0: 62.5. Satisfaction 90 at 40 / 3: 62.5 * (80 + 12) / (80 + 13.33) = 61.61
        """
        customer = self._partner("Said something")
        self._order(customer, 20, 100.0)
        complaint = self._complain(customer)
        self._end(complaint)
        self._recompute()
        value = self._value(customer)
        self.assertEqual((value.satisfaction_score, value.satisfaction_evidence), (90.0, 33.3))
        self.assertEqual((value.value_to_us, value.value_index, value.satisfaction_points), (62.5, 61.6, -0.9))
        self.assertTrue(self._part(value, "satisfaction")["few_data"])
        indexes = [value.value_index]
        for _number in range(4):
            self._rate(complaint, 5)
            self._recompute()
            value = self._value(customer)
            self._adds_up(value)
            indexes.append(value.value_index)
        self.assertEqual(indexes, sorted(indexes), "good ratings never take anything away")
        self.assertLess(indexes[-1], 62.5, "nobody becomes worth more by complaining")

    def test_open_severe_complaint_is_evidence_enough(self):
        """Satisfaction 60 in full: 62.5 * (80 + 24) / 120 = 54.17; a good rating beside it takes nothing away."""
        customer = self._partner("Hurt")
        self._order(customer, 20, 100.0)
        complaint = self._complain(customer, severity="critical")
        self._recompute()
        value = self._value(customer)
        self.assertEqual((value.satisfaction_evidence, value.value_index), (100.0, 54.2))
        self._rate(complaint, 5)
        self._recompute()
        self.assertGreaterEqual(self._value(customer).value_index, 54.2)

    def test_cut_at_zero_is_a_line_of_its_own(self):
        """What is taken off is told in full, and so is what was not there to take."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.policy._renew(weights={"cost_to_serve": 100.0})
        customer = self._partner("Returns")
        self._order(customer, 20, 200.0)
        self.env["account.move"].create({
            "move_type": "out_refund", "partner_id": customer.id, "invoice_date": self._day(3),
            "invoice_line_ids": [Command.create({"name": "All of it", "price_unit": 200.0, "tax_ids": False})],
        }).action_post()
        self._recompute()
        value = self._value(customer)
        self.assertEqual(
            (value.value_to_us, value.cost_to_serve_points, value.bounds_points, value.value_index),
            (62.5, -100.0, 37.5, 0.0),
        )
        self.assertEqual(value.explanation["bounds"]["points"], 37.5)
        self._adds_up(value)

    def test_prospects_have_no_parts(self):
        """NULL in every part, of the value and of the month end; in no mean."""
        prospect, buyer = self._partner("Prospect"), self._partner("Buyer")
        quotation = self._order(prospect, 3, 10.0, state="draft")
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        quotation.date_order = datetime.combine(month_end, time(12))
        self.env.flush_all()
        # Open quotations of an earlier day are those that existed then.
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s WHERE id = %s",
            [datetime.combine(month_end, time(12)), quotation.id],
        )
        self.env.invalidate_all()
        self._order(buyer, month_end, 10.0)
        self._recompute(as_of=month_end)
        value = self._value(prospect)
        snapshot = self.env["customer.value.snapshot"].search([("partner_id", "=", prospect.id)])
        self.assertEqual(len(snapshot), 1)
        points = [f"{name}_points" for name in self._index_lines()]
        names = ["value_index", "value_to_us", *points, "cost_to_serve_score"]
        for record in (value, snapshot):
            for name in names:
                self.assertIs(record[name], False, f"{record._name} {name}")
        for model in ("customer.value", "customer.value.snapshot"):
            for name in names:
                ((mean,),) = self.env[model]._read_group([("company_id", "=", self.company.id)], [], [f"{name}:avg"])
                own = self.env[model].search([("company_id", "=", self.company.id), ("partner_id", "=", buyer.id)])
                self.assertEqual(mean, own[name], f"{model} {name}")
