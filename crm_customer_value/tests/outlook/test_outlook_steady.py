import random
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import numpy as np

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.mathematics import candidates, guards
from ...engine.outlook import outlook, predictions
from .outlook_case import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookSteady(OutlookCase):
    """Customers under contract in the database against the functions of the engine, one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchases = cls._shoppers(60)
        pick = random.Random(3)
        partners = cls.env["res.partner"].create([{"name": f"Subscriber {n}"} for n in range(60)])
        for number, partner in enumerate(partners):
            period = pick.choice((14, 30, 91))
            # Everybody began in time to pay a few times; each third one is late, some for long.
            ago = period * pick.randrange(4, 8) + (pick.randrange(3 * period) if number % 3 == 0 else 0)
            rows = []
            for payment in range(pick.randrange(2, 8)):
                day = ago - payment * period - pick.randrange(-period // 8, period // 8 + 1)
                if day >= 0:
                    rows.append((day, 20.0, 10.0))
            cls.purchases[partner] = rows
        cls._buy(cls.purchases)
        cls.full_run = cls._recompute()
        cls.anchor = cls.today - timedelta(days=cls.today.isoweekday() % 7)

    def _row(self, partner):
        """Return (x, t_x, T) in weeks, and whether the customer was steady as of the anchor."""
        days = sorted({self._day(ago) for ago, _amount, _margin in self.purchases[partner]})
        known = [day for day in days if day <= self.anchor]
        gaps = [(later - earlier).days / 7 for earlier, later in pairwise(known)]
        steady = len(gaps) >= int(self.full_run.outlook["rhythm"]["gaps"]["in_use"]) and guards.steady(
            [len(gaps)], [sum(gaps)], [sum(gap**2 for gap in gaps)]
        )[0]
        start = max(self.anchor, days[-1])
        return len(days) - 1, (days[-1] - days[0]).days / 7, (start - days[0]).days / 7, steady

    def test_steady_customers_are_predicted_by_their_period(self):
        values, spend = self._values(), self.full_run.outlook["spend"]
        self.assertEqual(int(self.full_run.outlook["rhythm"]["gaps"]["in_use"]), 3)
        others = predictions.METHODS[self.full_run.outlook["method"]]
        found = {"steady": 0, others: 0}
        at_risk_found = 0
        for partner in self.purchases:
            value = values[partner]
            x, t_x, age, steady = self._row(partner)
            self.assertEqual(value.clv_method, "steady" if steady else others)
            found[value.clv_method] += 1
            if not steady:
                continue
            (due,), _purchases, (at_risk,) = guards.steady_outlook(366 / 7, [x], [t_x], [age])
            customer = candidates.Histories(*np.array([(x, t_x, age, 0)]).T)
            expected = candidates.forecast(self.full_run.outlook["rhythm"]["candidate"], 366 / 7, customer, 0.1)
            self.assertAlmostEqual(value.expected_purchases_12m, expected.purchases[0], delta=0.0051)
            self.assertAlmostEqual(value.churn_risk, 1 - expected.active[0], 3)
            amount = sum(margin for _ago, _amount, margin in self.purchases[partner])
            worth = (amount + spend["weight"] * spend["common"]) / (x + 1 + spend["weight"])
            self.assertAlmostEqual(value.clv_12m, expected.discounted[0] * worth, delta=0.01)
            if at_risk:
                at_risk_found += 1
                self.assertFalse(value.expected_next_purchase_date or value.next_purchase_from)
                continue
            start = max(self.anchor, *(self._day(ago) for ago, _amount, _margin in self.purchases[partner]))
            (earliest,), (latest,) = guards.steady_range([x], [t_x], [age])
            for name, weeks in (
                ("next_purchase_from", earliest), ("expected_next_purchase_date", due), ("next_purchase_to", latest),
            ):
                self.assertEqual(value[name], start + timedelta(days=int(np.rint(7 * weeks))), name)
        self.assertGreater(found["steady"], 30)
        self.assertGreater(found[others], 50)
        self.assertGreater(at_risk_found, 3)

    def test_sql_and_engine_agree_on_who_is_steady(self):
        """Gaps that vary about as much as is just steady, or just not."""
        pick = random.Random(11)
        rows = []
        for _customer in range(2000):
            spread = pick.uniform(5, 18)
            gaps = [max(round(30 + pick.gauss(0, spread)), 1) for _gap in range(pick.randrange(2, 9))]
            rows.append((len(gaps) + 1, sum(gaps), sum(gap**2 for gap in gaps)))
        x, t_x, squares = np.array(rows, float).T
        expected = guards.steady(x - 1, t_x / 7, squares / 49).tolist()
        self.env.cr.execute(SQL(
            """SELECT %s FROM UNNEST(%s, %s, %s) WITH ORDINALITY AS drawn(fit_days, days, fit_square_gaps, number),
                      LATERAL (SELECT drawn.*, DATE '2020-01-01' AS first_purchase_date,
                                      DATE '2020-01-01' + drawn.days AS fit_last) w
                ORDER BY w.number""",
            outlook.steady_sql(3), *(list(column) for column in zip(*rows, strict=True)),
        ))
        found = [steady for (steady,) in self.env.cr.fetchall()]
        different = [rows[n] for n in range(len(rows)) if found[n] != expected[n]]
        self.assertFalse(different, f"{len(different)} of {len(rows)}")
        self.assertTrue(300 < sum(expected) < 1700)

    def test_by_hand(self):
        """Ten days apart, the last one on the Sunday: due in ten days, 36.6 times a year by four of five."""
        partner = self._partner("Every Ten Days")
        after = (self.today - self.anchor).days
        self._buy({partner: [(after + ago, 20.0, 10.0) for ago in (0, 10, 20, 30)]})
        self._recompute(partners=partner)
        value = self._value(partner)
        self.assertEqual(value.clv_method, "steady")
        self.assertEqual(value.expected_next_purchase_date, self.anchor + timedelta(days=10))
        self.assertEqual(value.next_purchase_from, self.anchor + timedelta(days=7))
        self.assertEqual(value.next_purchase_to, self.anchor + timedelta(days=15))
        factor = self.full_run.outlook["rhythm"]["candidate"]["factor"]
        self.assertAlmostEqual(value.expected_purchases_12m, factor * 36.6 * 0.8, 2)
        self.assertEqual(value.churn_risk, 0.2)
        self.assertEqual(value.churn_level, "low")

    def test_yearly_contract_is_due_once(self):
        """One purchase a year by four of five, since none of three gaps was the last."""
        partner = self._partner("Every Year")
        after = (self.today - self.anchor).days
        self._buy({partner: [(after + year * 365 + 1, 20.0, 10.0) for year in range(4)]})
        self._recompute(partners=partner)
        value = self._value(partner)
        factor = self.full_run.outlook["rhythm"]["candidate"]["factor"]
        self.assertEqual(value.clv_method, "steady")
        self.assertAlmostEqual(value.expected_purchases_12m, factor * 366 / 365 * 0.8, 2)
        self.assertEqual(value.expected_next_purchase_date, self.anchor + timedelta(days=364))

    def test_between_two_limits(self):
        """From five gaps on, up to now from three, in the second week of eight: three gaps count by three quarters."""
        learned = self.full_run.outlook
        rhythm = learned["rhythm"]
        gaps = {**rhythm["gaps"], "in_use": "5", "weights": {"5": 0.25, "3": 0.75}}
        self.full_run.outlook = {**learned, "rhythm": {**rhythm, "gaps": gaps}}
        after, others = (self.today - self.anchor).days, predictions.METHODS[learned["method"]]
        few, many = self._partner("Three Gaps"), self._partner("Five Gaps")
        self._buy({
            few: [(after + ago, 20.0, 10.0) for ago in range(10, 101, 30)],
            many: [(after + ago, 20.0, 10.0) for ago in range(10, 161, 30)],
        })
        self._recompute(partners=few | many)
        (company,) = learned["candidates"].values()
        for partner, x, share, method in ((few, 3, 0.75, others), (many, 5, 1.0, "steady")):
            value = self._value(partner)
            customer = candidates.Histories(*np.array([(x, x * 30 / 7, (x * 30 + 10) / 7, 0)]).T)
            forecasts = [
                candidates.forecast(rhythm["candidate"], predictions.STEADY_YEAR, customer, 0.1),
                candidates.forecast(company, outlook.HORIZON_WEEKS, customer, 0.1),
            ]
            expected = candidates.mixed(forecasts, [share, 1 - share])
            self.assertEqual(value.clv_method, method)
            self.assertAlmostEqual(value.expected_purchases_12m, expected.purchases[0], delta=0.0051)
            self.assertAlmostEqual(value.churn_risk, 1 - expected.active[0], 3)
            due = forecasts[0 if method == "steady" else 1].next_weeks[1][0]
            self.assertEqual(value.expected_next_purchase_date, self.anchor + timedelta(days=int(np.rint(7 * due))))

    def test_limit_moves_slowly(self):
        """One week that asks for nine gaps makes nobody unsteady, nor do three; from the fourth on it begins."""
        first = self._recompute(as_of=self._day(35)).outlook["rhythm"]["gaps"]["in_use"]
        with patch.object(outlook, "_steady_gaps", lambda _cr, _table: 9):
            for week in (4, 3, 2):
                gaps = self._recompute(as_of=self._day(7 * week)).outlook["rhythm"]["gaps"]
                self.assertEqual((gaps["in_use"], gaps["weights"]), (first, {first: 1.0}))
            gaps = self._recompute(as_of=self._day(7)).outlook["rhythm"]["gaps"]
        self.assertEqual((gaps["in_use"], gaps["weights"]), ("9", {"9": 0.125, first: 0.875}))

    def test_chance_makes_nobody_steady(self):
        """Shoppers at random: a few look steady after three gaps, and are left to the model."""
        company = self._make_company("Chance")
        purchases = self._shoppers(400, seed=5, gaps=(10, 20))
        self._buy(purchases, company)
        run = self._recompute(company)
        self.assertGreater(int(run.outlook["rhythm"]["gaps"]["in_use"]), 3)
        methods = [value.clv_method for value in self._values(company).values()]
        self.assertLess(methods.count("steady"), 8)

    def test_who_leaves_the_rhythm_is_steady_no_more(self):
        partner = self._partner("Out of Step")
        after = (self.today - self.anchor).days
        self._buy({partner: [(after + ago, 20.0, 10.0) for ago in (0, 10, 100, 110)]})
        self._recompute(partners=partner)
        self.assertEqual(self._value(partner).clv_method, predictions.METHODS[self.full_run.outlook["method"]])
