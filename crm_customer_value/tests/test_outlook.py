import random
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import numpy as np

from odoo.tests import tagged

from ..engine import clv, guards
from .common import CustomerValueCase


@tagged("post_install", "-at_install")
class TestOutlook(CustomerValueCase):
    """Predictions in the database against the same model asked customer by customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pick = random.Random(7)
        cls.purchases = defaultdict(dict)
        cls.customers = cls.env["res.partner"].create([{"name": f"Buyer {n}"} for n in range(120)])
        rows = []
        for customer in cls.customers:
            ago = pick.randrange(20, 700)
            gap = pick.choice((15, 30, 60, 120))
            while ago >= 0:
                amount = round(pick.uniform(10, 90), 2)
                rows.append((customer, ago, amount))
                if pick.random() < 0.15:
                    break
                ago -= 1 + int(pick.expovariate(1 / gap))
        cls.env["customer.purchase.history"].create([
            {
                "company_id": cls.company.id, "partner_id": customer.id, "date": cls._day(ago),
                "amount": amount, "has_margin": True, "margin": round(amount / 2, 2),
            }
            for customer, ago, amount in rows
        ])
        for customer, ago, amount in rows:
            day = cls._day(ago)
            cls.purchases[customer][day] = cls.purchases[customer].get(day, 0) + round(amount / 2, 2)
        cls.full_run = cls._recompute()
        cls.anchor = cls.today - timedelta(days=cls.today.isoweekday() % 7)

    def _history(self, until, prediction=False):
        """Return (customers, x, t_x, T) one customer a row, in weeks."""
        rows = []
        for customer in self.customers:
            days = sorted(day for day in self.purchases[customer] if day <= until)
            if days:
                start = max(self.anchor, days[-1]) if prediction else until
                rows.append((len(days) - 1, (days[-1] - days[0]).days / 7, (start - days[0]).days / 7))
        return np.array(rows, float).T

    def _is_steady(self, customer, least):
        days = sorted(day for day in self.purchases[customer] if day <= self.anchor)
        gaps = [(later - earlier).days / 7 for earlier, later in pairwise(days)]
        return len(gaps) >= least and bool(guards.steady([len(gaps)], [sum(gaps)], [sum(gap**2 for gap in gaps)])[0])

    def test_model_is_that_of_all_customers(self):
        x, t_x, age = self._history(self.anchor)
        gaps = []
        for days in self.purchases.values():
            known = sorted(day for day in days if day <= self.anchor)
            gaps += [np.log((b - a).days / 7) for a, b in pairwise(known)]
        expected = guards.fit_guarded(x, t_x, age, sum(gaps))
        outlook = self.full_run.outlook
        self.assertEqual(outlook["method"], expected.method)
        self.assertEqual(outlook["k"], expected.model.k)
        np.testing.assert_allclose(outlook["params"], expected.model.params, rtol=1e-3)
        self.assertEqual((outlook["customers"], outlook["confidence"]), (len(x), "low"))

    def test_predictions_of_each_customer(self):
        outlook = self.full_run.outlook
        model = clv.PurchaseModel(outlook["params"], outlook["k"])
        x, t_x, age = self._history(self.today, prediction=True)
        alive = model.probability_alive(x, t_x, age)
        active = model.probability_active(52, x, t_x, age)
        expected = outlook["factor"] * model.expected_purchases(52, x, t_x, age)
        discounted = outlook["factor"] * model.discounted_purchases(52, x, t_x, age, 0.1)
        middle = model.next_purchase(52, x, t_x, age, 0.5)
        spend = outlook["spend"]
        levels, by_model = set(), 0
        for position, customer in enumerate(self.customers):
            value = self._value(customer)
            days = self.purchases[customer]
            steady = self._is_steady(customer, outlook["steady_gaps"])
            self.assertEqual((value.clv_method, value.clv_confidence), ("steady" if steady else "prior", "low"))
            if steady:  # see test_outlook_steady
                continue
            by_model += 1
            worth = (sum(days.values()) + spend["weight"] * spend["common"]) / (len(days) + spend["weight"])
            self.assertTrue(value.has_prediction)
            self.assertAlmostEqual(value.probability_alive, alive[position], 3)
            self.assertAlmostEqual(value.churn_risk, 1 - active[position], 3)
            self.assertAlmostEqual(value.expected_purchases_12m, expected[position], 1)
            self.assertAlmostEqual(value.clv_12m, discounted[position] * worth, delta=0.02)
            start = max(self.anchor, *days)
            self.assertEqual(
                value.expected_next_purchase_date, start + timedelta(days=int(np.rint(middle[position] * 7)))
            )
            self.assertLessEqual(value.next_purchase_from, value.expected_next_purchase_date)
            self.assertLessEqual(value.expected_next_purchase_date, value.next_purchase_to)
            level = "low" if value.churn_risk < 0.35 else "medium" if value.churn_risk < 0.65 else "high"
            self.assertEqual(value.churn_level, level)
            levels.add(level)
        self.assertGreater(len(levels), 1)
        self.assertGreater(by_model, 110)

    def test_future_value_counts_in_the_index(self):
        values = self.env["customer.value"].search([("company_id", "=", self.company.id)])
        ordered = values.sorted("clv_12m")
        scores = ordered.mapped("future_value_score")
        self.assertEqual(scores, sorted(scores))
        self.assertEqual(scores[-1], 100.0)
        for value in values:
            parts = value.explanation["parts"]
            self.assertAlmostEqual(sum(part["points"] for part in parts), value.value_index, 6)
            # 50 : 40 : 30, and 20 for development as far as there is evidence; nobody has a payment score.
            development = 2 * value.development_evidence / 100
            self.assertAlmostEqual(
                value.value_index,
                (5 * value.current_value_score + 4 * value.future_value_score + 3 * value.loyalty_score
                 + development * value.development_index) / (12 + development),
                delta=0.11,
            )

    def test_silent_customers_keep_their_prediction_for_a_week(self):
        fields = ("probability_alive", "churn_risk", "clv_12m", "expected_next_purchase_date")

        def predictions(as_of):
            self._recompute(as_of=as_of)
            # Nobody bought between the two days, or they are not compared.
            return {
                customer: [self._value(customer)[name] for name in fields]
                for customer in self.customers if max(self.purchases[customer]) <= sunday
            }

        sunday = self.anchor - timedelta(days=14)
        # Known since Sunday, asked on Monday and on Saturday of the same week.
        monday, saturday = (predictions(sunday + timedelta(days=days)) for days in (1, 6))
        self.assertGreater(len(monday), 50)
        self.assertEqual(monday, saturday)
        self.assertNotEqual(monday, predictions(sunday + timedelta(days=8)))

    def test_incremental_uses_the_model_of_the_last_full_run(self):
        before = self._rows()
        run = self._recompute(partners=self.customers)
        self.assertEqual((run.kind, run.changed, run.outlook), ("incremental", 0, self.full_run.outlook))
        self.assertEqual(before, self._rows())
        customer = self.customers[0]
        risk = self._value(customer).churn_risk
        self._order(customer, 0, 50.0)
        self._recompute(partners=customer)
        incremental = self._value(customer).read(["churn_risk", "clv_12m", "expected_next_purchase_date"])
        self.assertLess(incremental[0]["churn_risk"], risk)
        self.assertEqual(self._recompute().outlook, self.full_run.outlook, "learned once a week")
        full = self._value(customer).read(["churn_risk", "clv_12m", "expected_next_purchase_date"])
        self.assertEqual(incremental, full)

    def test_too_little_to_predict_from(self):
        """29 customers: no prediction, the index does without, and the run says why."""
        company = self._make_company("Tiny")
        for number in range(29):
            self._order(self._partner(f"T{number}"), 10 + number, 10.0, company=company)
        run = self._recompute(company)
        self.assertEqual((run.outlook["method"], run.outlook["customers"]), ("none", 29))
        self.assertIn("takes 30 customers", run.outlook_summary)
        value = self.env["customer.value"].search([("company_id", "=", company.id)], limit=1)
        self.assertFalse(value.has_prediction)
        self.assertEqual((value.clv_method, value.clv_confidence), ("none", False))
        self.assertFalse(value.churn_level)
        self.assertFalse(value.expected_next_purchase_date)
        self.assertTrue([part for part in value.explanation["parts"]
                         if part["key"] == "future_value" and part["missing"]])
