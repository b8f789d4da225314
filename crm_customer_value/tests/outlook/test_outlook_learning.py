from collections import Counter
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np

from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ...engine import clv
from ...engine.mathematics import candidates
from ...engine.outlook import doubts, outlook
from .outlook_case import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookLearning(OutlookCase):
    """What a full run learns from, what it warns of, and what it does when it cannot learn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anchor = cls.today - timedelta(days=cls.today.isoweekday() % 7)

    def _use(self, run, name):
        """Have a run use a candidate that it found no better than another."""
        x, t_x, age = (np.array(column, float) for column in zip(*self._histories(run), strict=True))
        found, _fits = candidates.fit(x, t_x, age)
        run.outlook = {
            **run.outlook, "method": found[name]["method"], "candidates": {name: found[name]},
            "choice": {**run.outlook["choice"], "in_use": name, "weights": {name: 1.0}},
        }

    def _histories(self, run):
        """Yield (x, t_x, T) of the customers of a run in weeks."""
        anchor = date.fromisoformat(run.outlook["anchor"])
        for rows in self.purchases.values():
            days = sorted({self._day(ago) for ago, _amount, _margin in rows})
            days = [day for day in days if day <= anchor]
            if days:
                yield len(days) - 1, (days[-1] - days[0]).days / 7, (anchor - days[0]).days / 7

    def test_last_good_fit_serves_for_eight_weeks(self):
        self.purchases = self._shoppers(120)
        self._buy(self.purchases)
        good = self._recompute(as_of=self._day(21))
        self._use(good, "prior")
        with patch.object(clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            run = self._recompute()
            outlook = run.outlook
            self.assertEqual((outlook["method"], outlook["confidence"]), ("last_good", "low"))
            candidate = outlook["candidates"]["prior"]
            self.assertEqual(candidate["params"], good.outlook["candidates"]["prior"]["params"])
            self.assertEqual(candidate["learned"], good.outlook["anchor"])
            self.assertEqual(outlook["rejected"], [["prior", ["failed: overflow"]]])
            self.assertIn(f"up to {format_date(self.env, good.outlook['anchor'])}", run.outlook_summary)
            self.assertIn("No new forecast model could be learned", run.warning)
            values = self._values()
            self.assert_sane(values.values())
            methods = Counter(value.clv_method for value in values.values())
            self.assertEqual(methods.most_common(1)[0][0], "last_good")
            # Today's customers, by the parameters of then.
            model = clv.PurchaseModel(candidate["params"], candidate["k"])
            for partner, rows in list(self.purchases.items())[:20]:
                days = sorted({self._day(ago) for ago, _amount, _margin in rows})
                if values[partner].clv_method == "last_good":
                    start = max(self.anchor, days[-1])
                    (alive,) = model.probability_alive(
                        [len(days) - 1], [(days[-1] - days[0]).days / 7], [(start - days[0]).days / 7]
                    )
                    self.assertAlmostEqual(values[partner].probability_alive, alive, 3)
            self.assertEqual(self._recompute().outlook, outlook, "the same for the rest of the week")

    def test_last_good_fit_grows_old(self):
        self.purchases = self._shoppers(120)
        self._buy(self.purchases)
        good = self._recompute(as_of=self._day(49))
        self._use(good, "prior")
        learned = (date.fromisoformat(good.outlook["anchor"]) - timedelta(weeks=3)).isoformat()
        good.outlook = {
            **good.outlook, "candidates": {"prior": {**good.outlook["candidates"]["prior"], "learned": learned}},
        }
        with patch.object(clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            run = self._recompute()
        chosen = run.outlook["choice"]
        self.assertIn(chosen["in_use"], ("rates", "rule"))
        self.assertEqual(chosen["weights"], {chosen["in_use"]: 0.125, "prior": 0.875}, "it goes as others do")
        self.assertIn("Forecasts now use", run.warning)
        self.assert_sane(self._values().values())

    def test_choice_of_another_company_or_a_later_day_is_none_here(self):
        self.purchases = self._shoppers(120)
        self._buy(self.purchases)
        other = self._make_company("Other")
        self._buy(self._shoppers(120, seed=2), other)
        self._use(self._recompute(other), "rates")
        self._use(self._recompute(), "rates")
        run = self._recompute(as_of=self._day(14))
        best = min(run.outlook["errors"], key=run.outlook["errors"].get)
        self.assertEqual(run.outlook["choice"]["weights"], {best: 1.0})
        self.assertFalse(run.outlook["choice"]["blended_from"])

    def test_method_changes_by_four_tests_and_tells_once(self):
        """Weekly runs against errors by hand: what is in use, what is shown, and who is told."""
        self.purchases = self._shoppers(120)
        self._buy(self.purchases)
        manager = new_test_user(
            self.env, "forecast_manager", "sales_team.group_sale_manager", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        before = self._told()
        self._use(self._recompute(as_of=self._day(28)), "rates")
        tested = outlook._back_test

        def better(found, held_back):
            specs, verdicts = tested(found, held_back)
            errors = {"prior": 1.0, "rates": 0.9, "rule": 0.8}
            return specs, {
                name: verdict._replace(relative_error=errors[name]) for name, verdict in verdicts.items()
            }

        with patch.object(outlook, "_back_test", better):
            for week in (3, 2, 1):
                run = self._recompute(as_of=self._day(7 * week))
                self.assertEqual(run.outlook["choice"]["in_use"], "rates")
                self.assertEqual(run.outlook["choice"]["ahead"], {"rule": 4 - week})
                again = self._recompute(as_of=self._day(7 * week))
                self.assertEqual(again.outlook["choice"], run.outlook["choice"], "twice in a week is once")
                self.assertIn("The simple rule was better than the average rates", run.outlook_summary)
                self.assertNotIn("Forecasts now use", run.warning or "")
            self.assertEqual(self._told(), before)
            run = self._recompute()
            self.assertEqual(run.outlook["choice"]["weights"], {"rule": 0.125, "rates": 0.875})
            self.assertIn("Forecasts changed to the simple rule", run.outlook_summary)
            self.assertIn("now use the simple rule instead of the average rates", run.warning)
            told = self._told() - before
            self.assertEqual(told.user_id, manager)
            self.assertIn("the simple rule", told.note)
            self.assertIn(f"customer-value-runs/{run.id}", told.note)
            self._recompute()
            self.policy._renew({"pareto_a": 70})
            self._recompute()
            self.assertEqual(self._told() - before, told, "once")

    def _told(self):
        return self.env["mail.activity"].search([("summary", "like", "now use another method")])

    def test_documents_of_another_kind_begin_anew(self):
        """Invoices instead of orders: what was best for the ones says nothing of the others."""
        self.purchases = self._shoppers(120)
        self._buy(self.purchases)
        self._use(self._recompute(as_of=self._day(14)), "rates")
        self.policy._renew({"revenue_source": "invoice"})
        run = self._recompute()
        best = min(run.outlook["errors"], key=run.outlook["errors"].get)
        self.assertEqual(run.outlook["choice"]["weights"], {best: 1.0})

    def test_forecast_summary(self):
        """By hand: two who buy at random by the simple rule, one every ten days by the regular rhythm."""
        runs = self.env["customer.value.run"]
        self.assertFalse(runs._forecast_summary(self.company))
        regular, one, other = (self._partner(name) for name in ("Regular", "One", "Other"))
        self._buy({
            regular: [(ago, 10.0, 5.0) for ago in (10, 20, 30, 40)], one: [(200, 10.0, 5.0)],
            other: [(300, 10.0, 5.0), (290, 10.0, 5.0)],
        })
        self._recompute()
        self.assertEqual(
            runs._forecast_summary(self.company),
            "Forecasts: 3 customers, 1 by their regular rhythm, 2 by the simple rule",
        )
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertEqual(settings.customer_value_forecasts, runs._forecast_summary(self.company))

    def test_board_says_that_forecasts_are_rough(self):
        """Only where they are: learned from many customers over a year there is nothing to say, or to count."""
        self._buy({self._partner("One"): [(200, 10.0, 5.0)]})
        run = self._recompute()
        board = self.env["customer.value"]
        self.assertEqual(
            board.get_board_note(), "Forecasts: 1 customers, 1 by the simple rule. All are rough estimates."
        )
        run.outlook = {**run.outlook, "confidence": "high"}
        self.env.flush_all()
        with self.assertQueryCount(__system__=3):
            self.assertFalse(board.get_board_note())

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
        self.assertEqual(set(run.outlook["errors"]), {"model", "prior", "rates", "rule"})
        young = self._make_company("Young")
        self._buy(self._shoppers(560, seed=9, first=(20, 340)), young)
        run = self._recompute(young)
        self.assertEqual((run.outlook["confidence"], run.outlook["warnings"]), ("low", ["short_history"]))
        self.assertTrue(run.outlook["grade"] and run.outlook["days"] >= 180)
        self.assertIn("The purchases go back less than the 12 months of the forecast", run.outlook_summary)
        self.assertEqual({value.clv_confidence for value in self._values(young).values()}, {"low"})

    def test_model_that_loses_gives_way_to_the_rule(self):
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
        errors = run.outlook["errors"]
        self.assertEqual(run.outlook["choice"]["in_use"], min(errors, key=errors.get))
        self.assertIn("Average error", run.outlook_summary)
        values = self._values()
        self.assert_sane(values.values())
        for partner in partners:
            self.assertTrue(values[partner].has_prediction)
            self.assertGreater(values[partner].clv_12m, 0)
        for partner in steady:
            self.assertEqual(values[partner].clv_method, "steady")
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
