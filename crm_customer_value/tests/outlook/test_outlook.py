import random
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import median

import numpy as np

from odoo.tests import tagged

from ...engine.mathematics import candidates, guards
from ..common import CustomerValueCase


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

    def test_candidates_are_those_of_all_customers(self):
        x, t_x, age = self._history(self.anchor)
        gaps = []
        for days in self.purchases.values():
            known = sorted(day for day in days if day <= self.anchor)
            gaps += [np.log((b - a).days / 7) for a, b in pairwise(known)]
        found, _fits = candidates.fit(x, t_x, age, sum(gaps))
        outlook = self.full_run.outlook
        in_use = outlook["choice"]["in_use"]
        expected, learned = found[in_use], outlook["candidates"][in_use]
        self.assertEqual((outlook["method"], learned.get("k")), (expected["method"], expected.get("k")))
        for name in ("params", "rate"):
            np.testing.assert_allclose(learned.get(name, 0), expected.get(name, 0), rtol=1e-3)
        self.assertEqual((outlook["customers"], outlook["confidence"]), (len(x), "low"))

    def _late(self, customer, until):
        """Return the lateness share of a customer, from what they bought up to a day."""
        days = {one: sorted(day for day in self.purchases[one] if day <= until) for one in self.customers}
        own = {
            one: median((later - earlier).days for earlier, later in pairwise(known))
            for one, known in days.items() if len(known) > 1
        }
        company, number = median(own.values()), max(len(days[customer]) - 1, 0)
        gap = round((number * own.get(customer, 0) + 2 * company) / (number + 2), 2)
        silence = (max(self.anchor, days[customer][-1]) - days[customer][-1]).days
        return max(1 - gap / silence, 0) if silence else 0

    def test_all_are_judged_on_the_last_26_weeks(self):
        """Customer by customer: what each candidate, fitted up to then, said of the weeks that followed."""
        outlook, cut = self.full_run.outlook, self.anchor - timedelta(weeks=26)
        anchor, self.anchor = self.anchor, cut
        x, t_x, age = self._history(cut)
        known = [one for one in self.customers if min(self.purchases[one]) <= cut]
        late = np.array([self._late(one, cut) for one in known])
        self.anchor = anchor
        later = np.array([sum(cut < day <= anchor for day in self.purchases[one]) for one in known], float)
        kinds = {name: one["k"] for name, one in outlook["candidates"].items() if "k" in one}
        found, _fits = candidates.fit(x, t_x, age, kinds=kinds)
        expected = candidates.judge(found, candidates.Histories(x, t_x, age, late), later, 26.0)
        self.assertEqual(set(outlook["errors"]), {"prior", "rates", "rule"})
        for name in {*outlook["errors"]} - {"prior"} | set(kinds):
            self.assertAlmostEqual(outlook["errors"][name], expected[name].relative_error, 3, name)
        best = min(outlook["errors"], key=outlook["errors"].get)
        self.assertEqual(outlook["choice"]["in_use"], best)
        self.assertEqual(outlook["choice"]["weights"], {best: 1.0})

    def _forecast(self, name):
        """Return what a candidate says of every customer today."""
        outlook = self.full_run.outlook
        x, t_x, age = self._history(self.today, prediction=True)
        late = np.array([self._late(one, self.today) for one in self.customers])
        customers = candidates.Histories(x, t_x, age, np.round(late, 4))
        return candidates.forecast(outlook["candidates"][name], 52.0, customers, 0.1)

    def _assert_predicted(self, expected, method):
        spend, levels, found = self.full_run.outlook["spend"], set(), 0
        for position, customer in enumerate(self.customers):
            value, days = self._value(customer), self.purchases[customer]
            steady = self._is_steady(customer, int(self.full_run.outlook["rhythm"]["gaps"]["in_use"]))
            self.assertEqual((value.clv_method, value.clv_confidence), ("steady" if steady else method, "low"))
            self.assertTrue(value.has_prediction)
            if steady:  # see test_outlook_steady
                continue
            found += 1
            worth = (sum(days.values()) + spend["weight"] * spend["common"]) / (len(days) + spend["weight"])
            self.assertAlmostEqual(value.probability_alive, expected.alive[position], 3)
            self.assertAlmostEqual(value.churn_risk, 1 - expected.active[position], 3)
            self.assertAlmostEqual(value.expected_purchases_12m, expected.purchases[position], 1)
            amount = expected.discounted[position] * worth
            # Who is very late counts by a small share, of which four decimals are kept.
            self.assertAlmostEqual(value.clv_12m, amount, delta=0.02 + amount / 1000)
            start, middle = max(self.anchor, *days), expected.next_weeks[1][position]
            day = False if np.isnan(middle) else start + timedelta(days=int(np.rint(middle * 7)))
            self.assertEqual(value.expected_next_purchase_date, day)
            if day:
                self.assertLessEqual(value.next_purchase_from, day)
                self.assertLessEqual(day, value.next_purchase_to)
            level = "low" if value.churn_risk < 0.35 else "medium" if value.churn_risk < 0.65 else "high"
            self.assertEqual(value.churn_level, level)
            levels.add(level)
        self.assertGreater(len(levels), 1)
        self.assertGreater(found, 110)

    def test_predictions_of_each_customer(self):
        in_use = self.full_run.outlook["choice"]["in_use"]
        self._assert_predicted(self._forecast(in_use), {"prior": "prior", "rates": "rates", "rule": "rule"}[in_use])

    def test_predictions_of_each_customer_by_the_rule_and_between_two(self):
        """The columns of the table hold what the candidates say, whichever are in use."""
        outlook = self.full_run.outlook
        x, t_x, age = self._history(self.anchor)
        found, _fits = candidates.fit(x, t_x, age)
        for weights, method in (({"rule": 1.0}, "rule"), ({"rates": 0.25, "rule": 0.75}, "rates")):
            in_use = next(iter(weights))
            self.full_run.outlook = {
                **outlook, "candidates": {name: found[name] for name in weights}, "method": found[in_use]["method"],
                "choice": {**outlook["choice"], "in_use": in_use, "weights": weights},
            }
            self._recompute(partners=self.customers)
            parts = [self._forecast(name) for name in weights]
            self._assert_predicted(candidates.mixed(parts, list(weights.values())), method)

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

    def test_too_little_for_a_model(self):
        """29 customers who bought once: the simple rule serves, by hand, and the run says why."""
        company = self._make_company("Tiny")
        for number in range(29):
            self._order(self._partner(f"T{number}"), 10 + number, 10.0, company=company)
        run = self._recompute(company)
        self.assertEqual((run.outlook["method"], run.outlook["customers"]), ("rule", 29))
        self.assertIn("A model needs 30 customers", run.outlook_summary)
        values = self.env["customer.value"].search([("company_id", "=", company.id)])
        weeks = [((self.anchor - value.last_purchase_date).days) / 7 for value in values]
        rate = 1 / (sum(weeks) + 52)
        for value, seen in zip(values, weeks, strict=True):
            expected = 52 / (seen + 1 / rate)
            self.assertAlmostEqual(value.expected_purchases_12m, expected, 2)
            self.assertAlmostEqual(value.churn_risk, 1 / (1 + expected), 3)
            self.assertEqual((value.clv_method, value.clv_confidence), ("rule", "low"))
            self.assertEqual((value.has_prediction, value.expected_next_purchase_date), (True, False))
            self.assertGreater(value.clv_12m, 0)
