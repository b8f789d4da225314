from datetime import date, timedelta

import numpy as np

from odoo.tests import tagged

from ...engine.mathematics import candidates
from .outlook_case import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookBadInput(OutlookCase):
    """Purchases as they should not be, through a whole recompute: a defined result, and words for it."""

    def _assert_simple_rule(self, run):
        """There is no model, and everybody who bought has a forecast all the same."""
        self.assertEqual((run.state, run.outlook["method"], run.outlook["errors"]), ("done", "rule", {}))
        self.assertIn("needs 30 customers, 10 of whom bought again, and 90 days", run.outlook_summary)
        values = self._values().values()
        self.assertTrue(values)
        self.assert_sane(values)
        for value in values:
            bought = bool(value.purchase_days)
            self.assertEqual(value.has_prediction, bought)
            self.assertIn(value.clv_method, ("rule", "steady") if bought else ("none",))
            self.assertEqual(value.clv_confidence, "low" if bought else False)
            self.assertTrue(value.rfm_segment or not bought)

    def test_nobody(self):
        run = self._recompute()
        self.assertEqual((run.state, run.customers, run.outlook["method"]), ("done", 0, "rule"))
        self.assertIn("Learned from 0 customers", run.outlook_details)

    def test_one_customer(self):
        """Every hundred days, bought a hundred days ago: steady, due now, and silence is not yet long."""
        only = self._partner("Only")
        self._buy({only: [(ago, 10.0, 5.0) for ago in (400, 300, 200, 100)]})
        self._assert_simple_rule(self._recompute())
        value = self._value(only)
        self.assertEqual((value.clv_method, value.churn_level), ("steady", "low"))

    def test_one_customer_who_bought_once(self):
        """Today: one purchase within a year is expected. Thirty years ago: hardly any. By hand."""
        today, long_ago = self._partner("Today"), self._partner("Long Ago")
        self._buy({today: [(0, 10.0, 5.0)]})
        self._assert_simple_rule(self._recompute())
        value = self._value(today)
        # Nobody was seen for long before this week: one purchase in 52 weeks is what is assumed.
        self.assertAlmostEqual(value.expected_purchases_12m, 1, 1)
        self.assertAlmostEqual(value.churn_risk, 0.5, 1)
        other = self._make_company("Old")
        self._buy({long_ago: [(30 * 365, 10.0, 5.0)]}, other)
        self._recompute(other)
        value = self._value(long_ago, other)
        # 1 / (1564 + 52) a week for everybody; 1 purchase in 1564 + 1616 weeks for this one.
        self.assertAlmostEqual(value.expected_purchases_12m, 52 / 3180, 2)
        self.assertAlmostEqual(value.churn_risk, 0.98, 2)
        self.assertEqual((value.has_prediction, value.churn_level), (True, "high"))

    def test_three_customers(self):
        self._buy({self._partner(f"C{n}"): [(ago, 10.0, 5.0) for ago in (400, 170 - n, 100, 7)] for n in range(3)})
        run = self._recompute()
        self._assert_simple_rule(run)
        self.assertIn("Learned from 3 customers, 3 of whom bought again", run.outlook_details)

    def test_all_purchases_on_one_day(self):
        self._buy({self._partner(f"C{n}"): [(200, 10.0 + n, 5.0)] * 3 for n in range(60)})
        run = self._recompute()
        self._assert_simple_rule(run)
        self.assertEqual((run.outlook["customers"], run.outlook["repeat_buyers"]), (60, 0))

    def test_ninety_days_are_needed(self):
        self._buy(self._shoppers(60, first=(20, 80), gaps=(10,)))
        self._assert_simple_rule(self._recompute())

    def test_no_purchases_for_two_years(self):
        """Everybody is probably gone; nobody bought in the weeks of the back-test."""
        purchases = self._shoppers(250)
        self._buy({
            partner: [(ago + 731, amount, margin) for ago, amount, margin in rows]
            for partner, rows in purchases.items()
        })
        run = self._recompute()
        self.assertEqual(run.outlook["basis"], "revenue", "no margin in the period")
        self.assertIn("No customer bought in the 26 weeks of the test", run.outlook_summary)
        values = self._values().values()
        self.assert_sane(values)
        self.assertTrue(all(value.has_prediction for value in values))
        gone = [value for value in values if value.churn_level == "high"]
        self.assertGreater(len(gone), 0.9 * len(values))

    def test_customer_with_5000_purchases(self):
        """A till: nobody's prediction changes for it, and it has one of its own."""
        purchases = self._shoppers(120)
        self._buy(purchases)
        alone = self._recompute().outlook
        till, crowd = self._partner("Till"), self._partner("Many on One Day")
        self._buy({till: [(ago, 5.0, 2.0) for ago in range(5000)]})
        self.env["customer.value.run"].search([("company_id", "=", self.company.id)]).unlink()
        run = self._recompute()
        self.assertEqual(run.outlook["candidates"], alone["candidates"])
        self.assertEqual(run.outlook["doubts"], {"walk_in": 1})
        self.assertIn("1 customers bought on more than every second day", run.outlook_summary)
        value = self._value(till)
        self.assertEqual((value.purchase_days, value.has_prediction), (5000, True))
        self.assertTrue(300 < value.expected_purchases_12m <= 366, value.expected_purchases_12m)
        self.assertEqual(value.churn_level, "low")
        # Five thousand documents of one day are one purchase.
        self._buy({crowd: [(40, 1.0, 1.0)] * 5000})
        self._recompute(partners=crowd)
        value = self._value(crowd)
        self.assertEqual((value.order_count, value.purchase_days), (5000, 1))
        self.assert_sane(self._values().values())

    def test_equal_customers(self):
        """Nothing to tell them apart by: all get the same numbers."""
        self._buy({self._partner(f"C{n}"): [(ago, 10.0, 5.0) for ago in (400, 390, 200, 30)] for n in range(210)})
        run = self._recompute()
        self.assertEqual(len(run.outlook["rejected"]), 3)
        self.assertEqual(set(run.outlook["errors"]), {"rates", "rule"})
        values = self._values().values()
        self.assert_sane(values)
        in_use = run.outlook["choice"]["in_use"]
        self.assertEqual({value.clv_method for value in values}, {in_use})
        self.assertEqual(len({(value.churn_risk, value.clv_12m) for value in values}), 1)

    def test_purchases_before_1970(self):
        """A wrong date is predicted from, but not learned from, and does not make the history look long."""
        self._buy(self._shoppers(40, first=(20, 80), gaps=(10,)))
        old = self._partner("Old")
        self.env["customer.purchase.history"].create([
            {"company_id": self.company.id, "partner_id": old.id, "date": day, "amount": 10.0}
            for day in (date(1850, 1, 1), date(1900, 1, 1), date(1969, 12, 31), self._day(5))
        ])
        run = self._recompute()
        self._assert_simple_rule(run)
        self.assertLess(run.outlook["days"], 90)
        self.assertIn("1 customers have a first purchase before 1970", run.outlook_summary)
        self._buy(self._shoppers(120))
        self.env["customer.value.run"].search([("company_id", "=", self.company.id)]).unlink()
        run = self._recompute()
        self.assertIn("prior", run.outlook["errors"])
        self.assertTrue(self._value(old).has_prediction)
        self.assertEqual(self._value(old).purchase_days, 4)
        self.assert_sane(self._values().values())

    def test_purchases_of_tomorrow(self):
        """They do not exist yet, and the run says that they are there."""
        self._buy(self._shoppers(120))
        before = self._recompute().outlook
        rows = self._rows()
        hasty = self._partner("Hasty")
        self._buy({hasty: [(-1, 10.0, 5.0), (-400, 10.0, 5.0)]})
        self._order(hasty, self.today + timedelta(days=1), 50.0)
        self.env["customer.value.run"].search([("company_id", "=", self.company.id)]).unlink()
        run = self._recompute()
        self.assertFalse(self._value(hasty))
        self.assertEqual(rows, self._rows())
        self.assertEqual(run.outlook["candidates"], before["candidates"])
        self.assertEqual(run.outlook["doubts"], {"later": 3})
        self.assertIn("3 purchases have a date after this day", run.outlook_summary)
        # Seen from last month, everything since would be "later".
        self.assertNotIn("later", self._recompute(as_of=self._day(30)).outlook["doubts"])

    def test_margin_above_revenue_and_below_zero(self):
        self._buy(self._shoppers(120))
        rich, poor = self._partner("Rich"), self._partner("Poor")
        self._buy({
            rich: [(ago, 10.0, 1000.0) for ago in (300, 100, 20)],
            poor: [(ago, 10.0, -1000.0) for ago in (300, 100, 20)],
        })
        run = self._recompute()
        self.assertEqual(run.outlook["doubts"], {"negative_margin": 1, "margin_above_revenue": 1})
        self.assertIn("1 customers cost more than they brought", run.outlook_summary)
        self.assertIn("1 customers have a margin above their revenue", run.outlook_summary)
        self.assert_sane(self._values().values())
        poor, rich = self._value(poor), self._value(rich)
        self.assertEqual((poor.churn_risk, poor.expected_purchases_12m), (rich.churn_risk, rich.expected_purchases_12m))
        self.assertLess(poor.clv_12m, rich.clv_12m)

    def test_nobody_brings_money(self):
        """Every purchase at a loss: when customers buy is predicted, what they bring is nothing."""
        self._buy(self._shoppers(120, margin=-0.5))
        run = self._recompute()
        self.assertEqual(run.outlook["basis"], "margin")
        self.assertEqual(run.outlook["spend"], {
            "margin_share": 0.0, "weight": 1.0, "common": 0.0, "problems": ["no_value"],
        })
        self.assertIn("No customer who bought again brought money", run.outlook_summary)
        values = self._values().values()
        self.assert_sane(values)
        self.assertTrue(all(value.has_prediction and value.clv_12m == 0 for value in values))
        self.assertGreater(max(value.expected_purchases_12m for value in values), 1)

    def test_spend_that_follows_frequency(self):
        """Who buys often spends more each time: the plain mean takes over, and the run says so."""
        purchases = self._shoppers(250)
        self._buy({
            partner: [(ago, 10.0 * len(rows) ** 2, 5.0 * len(rows) ** 2) for ago, _amount, _margin in rows]
            for partner, rows in purchases.items()
        })
        run = self._recompute()
        self.assertEqual(run.outlook["spend"]["problems"], ["spend_follows_frequency"])
        self.assertEqual(run.outlook["spend"]["weight"], 1)
        self.assertIn("Customers who buy more often spend more", run.outlook_summary)
        self.assert_sane(self._values().values())

    def test_few_customers_are_fitted_with_a_prior(self):
        self._buy(self._shoppers(60))
        run = self._recompute()
        self.assertEqual((set(run.outlook["errors"]), run.outlook["confidence"]), ({"prior", "rates", "rule"}, "low"))

    def test_forecast_that_is_far_off_is_scaled(self):
        """A trade that ended 26 weeks ago but for a few: predictions are scaled down, and stay possible."""
        purchases = self._shoppers(300, gaps=(8, 15))
        half = list(purchases)[::2]
        for partner in half:
            purchases[partner] = [row for row in purchases[partner] if row[0] > 180] or [(181, 10.0, 5.0)]
        self._buy(purchases)
        run = self._recompute()
        candidate = run.outlook["candidates"][run.outlook["choice"]["in_use"]]
        self.assertLess(candidate["factor"], 1)
        self.assertAlmostEqual(run.outlook["grade"]["ratio"], 1.4, 3)
        self.assert_sane(self._values().values())
        # Two who may come once more: where half as many purchases come, so does no more than half of them.
        customers = candidates.Histories(*np.array([(0, 0, 300 / 7, 0), (1, 30 / 7, 200 / 7, 0)]).T)
        whole, part = (candidates.forecast({**candidate, "factor": factor}, 52.0, customers) for factor in (1, 0.1))
        np.testing.assert_allclose(part.purchases, whole.purchases / 10)
        self.assertTrue((part.active <= part.purchases).all(), (part, whole))
        self.assertTrue((whole.active <= whole.purchases).all())
