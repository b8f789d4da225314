from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..engine import clv, doubts
from .outlook_case import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookLearning(OutlookCase):
    """What a full run learns from, what it warns of, and what it does when it cannot learn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anchor = cls.today - timedelta(days=cls.today.isoweekday() % 7)

    def test_last_good_fit_serves_for_eight_weeks(self):
        purchases = self._shoppers(120)
        self._buy(purchases)
        good = self._recompute(as_of=self._day(21))
        self.assertEqual(good.outlook["method"], "prior")
        with patch.object(clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            run = self._recompute()
            outlook = run.outlook
            self.assertEqual((outlook["method"], outlook["confidence"]), ("last_good", "low"))
            self.assertEqual(outlook["params"], good.outlook["params"])
            self.assertEqual(outlook["learned"], good.outlook["anchor"])
            self.assertEqual(outlook["rejected"], [["prior", ["failed: overflow"]]])
            self.assertIn(f"up to {good.outlook['anchor']}", run.outlook_summary)
            self.assertIn("could not be fitted", run.warning)
            values = self._values()
            self.assert_sane(values.values())
            methods = Counter(value.clv_method for value in values.values())
            self.assertEqual(methods.most_common(1)[0][0], "last_good")
            # Today's customers, by the parameters of then.
            model = clv.PurchaseModel(good.outlook["params"], good.outlook["k"])
            for partner, rows in list(purchases.items())[:20]:
                days = sorted({self._day(ago) for ago, _amount, _margin in rows})
                if values[partner].clv_method == "last_good":
                    start = max(self.anchor, days[-1])
                    (alive,) = model.probability_alive(
                        [len(days) - 1], [(days[-1] - days[0]).days / 7], [(start - days[0]).days / 7]
                    )
                    self.assertAlmostEqual(values[partner].probability_alive, alive, 3)
            self.assertEqual(self._recompute().outlook, outlook, "the same for the rest of the week")

    def test_last_good_fit_grows_old(self):
        self._buy(self._shoppers(120))
        self._recompute(as_of=self._day(70))
        with patch.object(clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            run = self._recompute()
        self.assertEqual(run.outlook["method"], "shrunken_rates")
        self.assertFalse("could not be fitted" in (run.warning or ""))
        self.assertIn("average rates", run.outlook_summary)
        values = self._values().values()
        self.assert_sane(values)
        self.assertIn("rates", {value.clv_method for value in values})

    def test_fit_of_another_company_or_a_later_day_is_not_good_here(self):
        self._buy(self._shoppers(120))
        other = self._make_company("Other")
        self._buy(self._shoppers(120, seed=2), other)
        self._recompute(other)
        self._recompute()
        with patch.object(clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            run = self._recompute(as_of=self._day(14))
        self.assertEqual(run.outlook["method"], "shrunken_rates")

    def test_spend_that_cannot_be_fitted(self):
        self._buy(self._shoppers(120))
        with patch.object(clv, "fit_spend", side_effect=ArithmeticError("no")):
            run = self._recompute()
        self.assertEqual(run.outlook["spend"]["problems"], ["failed: no"])
        self.assertEqual(run.outlook["spend"]["weight"], 1)
        self.assert_sane(self._values().values())

    def test_season(self):
        purchases = self._shoppers(150)
        first = next(iter(purchases))
        purchases[first].append((720, 10.0, 5.0))
        self._buy(purchases)
        days = Counter(self._day(ago) for rows in purchases.values() for ago, _amount, _margin in rows)
        run = self._recompute()
        scope = run._scope(after=0, upto=run._last_partner())
        weekly, later = doubts.weekly_purchases(self.env.cr, scope)
        self.assertEqual(len(weekly), 52)
        for week in range(52):
            start = self.anchor - timedelta(days=7 * (52 - week) - 1)
            expected = sum(days[start + timedelta(days=day)] for day in range(7))
            self.assertEqual(weekly[week], expected)
        self.assertEqual(later, 0)
        self.assertEqual(run.outlook["warnings"], [])
        self.assertFalse("season" in run.outlook_summary)
        # Christmas: the peak goes on until today, then lies 12 weeks back.
        partners = self.env["res.partner"].create([{"name": f"Christmas {n}"} for n in range(400)])
        after = (self.today - self.anchor).days
        self._buy({partner: [(after + n % 28, 10.0, 5.0)] for n, partner in enumerate(partners)})
        self.env["customer.value.run"].search([("company_id", "=", self.company.id)]).unlink()
        run = self._recompute()
        self.assertEqual(run.outlook["warnings"], ["strong_season", "after_peak"])
        self.assertIn("Strong season", run.outlook_summary)
        self.assertIn("may be too high", run.outlook_summary)
        self.env["customer.purchase.history"].search([("partner_id", "in", partners.ids)]).unlink()
        self._buy({partner: [(after + 84 + n % 28, 10.0, 5.0)] for n, partner in enumerate(partners)})
        self.env["customer.value.run"].search([("company_id", "=", self.company.id)]).unlink()
        self.assertEqual(self._recompute().outlook["warnings"], ["strong_season"])

    def test_confidence(self):
        """High with 500 customers, two years and a passed back-test; low where history is shorter than the horizon."""
        self._buy(self._shoppers(560))
        run = self._recompute()
        self.assertEqual((run.outlook["confidence"], run.outlook["warnings"]), ("high", []))
        self.assertEqual({value.clv_confidence for value in self._values().values()}, {"high"})
        self.assertIn("model", {value.clv_method for value in self._values().values()})
        young = self._make_company("Young")
        self._buy(self._shoppers(560, seed=9, first=(20, 340)), young)
        run = self._recompute(young)
        self.assertEqual((run.outlook["confidence"], run.outlook["warnings"]), ("low", ["short_history"]))
        self.assertTrue(run.outlook["grade"] and run.outlook["days"] >= 180)
        self.assertIn("further than the purchases look back", run.outlook_summary)
        self.assertEqual({value.clv_confidence for value in self._values(young).values()}, {"low"})

    def test_model_that_loses_is_not_shown(self):
        """Rates that never change and nobody leaves: going on as before is the better rule. The steady are steady."""
        purchases = {}
        partners = self.env["res.partner"].create([{"name": f"Machine {n}"} for n in range(160)])
        for number, partner in enumerate(partners):
            short, long = ((2, 12), (3, 25), (5, 40), (10, 80))[number % 4]
            ago, rows = 728 - number % 7, []
            while ago >= 0:
                rows.append((ago, 10.0, 5.0))
                ago -= short if len(rows) % 2 else long
            purchases[partner] = rows
        steady = self.env["res.partner"].create([{"name": f"Contract {n}"} for n in range(20)])
        for partner in steady:
            purchases[partner] = [(ago, 10.0, 5.0) for ago in range(8, 700, 30)]
        self._buy(purchases)
        run = self._recompute()
        self.assertTrue(run.outlook.get("lost"), run.outlook)
        self.assertEqual(run.outlook["method"], "none")
        self.assertIn("did worse than", run.outlook_summary)
        values = self._values()
        self.assert_sane(values.values())
        for partner in partners:
            self.assertEqual((values[partner].clv_method, values[partner].has_prediction), ("none", False))
        for partner in steady:
            self.assertEqual((values[partner].clv_method, values[partner].clv_confidence), ("steady", "low"))
            self.assertTrue(values[partner].clv_12m > 0)

    def test_customers_without_known_margin(self):
        """Where margins are known they count; who has none is worth the company's share of revenue."""
        purchases = self._shoppers(120)
        blank = self._partner("No Margin")
        known = self._partner("Margin")
        purchases[blank] = [(300, 100.0, None), (100, 100.0, None), (20, 100.0, None)]
        purchases[known] = [(300, 100.0, 50.0), (100, 100.0, 50.0), (20, 100.0, 50.0)]
        self._buy(purchases)
        run = self._recompute()
        self.assertEqual(run.outlook["basis"], "margin")
        self.assertAlmostEqual(run.outlook["spend"]["margin_share"], 0.5, 3)
        values = self._values()
        self.assertGreater(values[known].clv_12m, 0)
        self.assertAlmostEqual(values[blank].clv_12m, values[known].clv_12m, delta=values[known].clv_12m / 500)
