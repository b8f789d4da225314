"""When a prediction is refused or replaced: each guard, made to act."""

from unittest.mock import patch

import numpy as np

try:
    from .clv_common import Case, cdnow, engine, simulated
except ImportError:
    from clv_common import Case, cdnow, engine, simulated

clv, guards = engine("clv"), engine("mathematics.guards")
backtest, numeric = engine("mathematics.backtest"), engine("mathematics.numeric")


class TestClvGuards(Case):
    def test_evidence(self):
        for customers, repeat_buyers, days, level in (
            (29, 20, 400, "none"), (30, 9, 400, "none"), (30, 10, 89, "none"), (30, 10, 90, "weak"),
            (199, 150, 400, "weak"), (5000, 49, 400, "weak"), (200, 50, 90, "enough"),
        ):
            self.assertEqual(guards.Evidence(customers, repeat_buyers, days).level, level)
        for customers, repeat_buyers, days, passed, confidence in (
            (500, 50, 180, True, "high"), (499, 50, 180, True, "low"), (500, 50, 179, True, "low"),
            (500, 49, 180, True, "low"), (500, 50, 180, False, "low"),
        ):
            self.assertEqual(guards.Evidence(customers, repeat_buyers, days).confidence(passed), confidence)
        self.assertEqual(guards.evidence([0, 1, 2], [1, 2, 99], [5, 6, 0]), (11, 6, 14))
        self.assertEqual(guards.evidence([], []).level, "none")

    def test_too_little_to_predict(self):
        """A company with three customers, or with purchases on one day only."""
        for history in (([0, 1, 2], [0, 9, 30], [40, 40, 40]), ([0] * 50, [0] * 50, [30] * 50), ([], [], [])):
            self.assertEqual(guards.fit_all(*history).models, {})

    def test_methods_in_order(self):
        """Each method hands over to the next one when its fit is degenerate; few customers begin with priors."""
        data = cdnow()
        for seed, count, methods in (
            (0, 120, ["prior"]), (0, 2000, ["likelihood"]), (25, 200, ["likelihood", "likelihood_k2"]),
            (110, 200, ["likelihood", "likelihood_k2", "prior"]),
        ):
            with self.subTest(seed=seed, count=count):
                rows = np.random.default_rng(seed).choice(len(data.x), count, replace=False)
                found = guards.fit_all(data.x[rows], data.t_x[rows], data.T[rows], data.sum_log_gaps[rows])
                (model, method), *_others = found.models.values()
                self.assertEqual([name for name, _problems, _k in found.rejected] + [method], methods)
                self.assertTrue(all(problems for _name, problems, _k in found.rejected))
                self.assertEqual(model.problems, ())
                self.assertEqual(list(found.models)[-2:], ["prior", "rates"], "these can always be had")

    def test_nobody_leaves(self):
        """Everybody alive for sure: found out, and too plain for a weak prior to change it."""
        x, t_x, T, gaps, _following = simulated(400, (2.0, 8.0, 1e-3, 5.0), late=True)
        found = guards.fit_all(x, t_x, T, gaps)
        self.assertEqual(list(found.models), ["rates"])
        self.assertTrue(all("nobody_leaves" in problems for _name, problems, _k in found.rejected))

    def test_regular_customers_are_fitted_with_two(self):
        """Weekly shoppers: far likelier with k = 2, and better predicted."""
        x, t_x, T, gaps, following = simulated(3000, (3.0, 1.5, 0.8, 12.0), k=2)
        one, two = (clv.fit_purchases(x, t_x, T, gaps, k=k) for k in (1, 2))
        self.assertGreater(two.log_likelihood - one.log_likelihood, 300)
        model, method = guards.fit_all(x, t_x, T, gaps).models["model"]
        self.assertEqual((model.k, method), (2, "likelihood"))
        errors = [np.abs(fit.expected_purchases(26, x, t_x, T) - following(26)).mean() for fit in (one, two)]
        self.assertLess(errors[1], errors[0])
        self.assertEqual(clv.fit_purchases(x, t_x, T).k, 1, "nothing to choose by")

    def test_equal_customers_end_at_shrunken_rates(self):
        """All alike: nothing to learn about differences between them, only their rate."""
        x, t_x, T = np.full(300, 100_000.0), np.full(300, 50.0), np.full(300, 50.0)
        found = guards.fit_all(x, t_x, T)
        ((name, (model, method)),) = found.models.items()
        self.assertEqual((name, method, model.problems), ("rates", "shrunken_rates", ()))
        self.assertEqual([name for name, _problems, _k in found.rejected], ["likelihood", "likelihood_k2", "prior"])

    def test_words_for_problems(self):
        for params, words in (
            ((1, 1, 0.009, 1), ("nobody_leaves",)), ((51, 1, 1, 1), ("large_r",)), ((1, 1, 51, 51), ("large_a",)),
            ((1, 1, 5, 201), ("large_b",)), ((1, 1, 1, 1), ()),
        ):
            self.assertEqual(clv.PurchaseModel(params).problems, words)
        self.assertEqual(clv.PurchaseModel((1, 1, 1, 1), converged=False).problems, ("not_converged",))
        self.assertEqual(clv.PurchaseModel((1, 1, 1, 1), at_limit=["a"]).problems, ("at_limit",))

    def test_small_samples(self):
        """Of random samples of 50 real customers a quarter and more degenerate; of those with a prior, none."""
        data, random = cdnow(), np.random.default_rng(1)
        free, with_prior = 0, 0
        for _ in range(60):
            rows = random.choice(len(data.x), 50, replace=False)
            history = data.x[rows], data.t_x[rows], data.T[rows]
            free += bool(clv.fit_purchases(*history).problems)
            with_prior += bool(clv.fit_purchases(*history, prior=True).problems)
        self.assertGreater(free, 12)
        self.assertEqual(with_prior, 0)

    def test_shrunken_rates(self):
        """Own rate and own cadence, drawn towards all: frequent ones buy more, and are missed sooner."""
        model = guards.shrunken_rates([0, 4, 20, 1], [0, 40, 50, 10], [52, 52, 52, 52])
        self.assertEqual(model.problems, ())
        seldom, often = model.expected_purchases(52, [2, 20], [50, 50], [52, 52])
        self.assertLess(seldom, often)
        seldom, often = model.probability_alive([2, 20], [26, 26], [52, 52])
        self.assertGreater(seldom, often)
        self.assertEqual(guards.shrunken_rates([0], [0], [0]).problems, ())

    def test_spend_that_follows_frequency(self):
        """Who buys more often spends more each time: the model denies it, so the plain mean takes over."""
        random = np.random.default_rng(0)
        x = random.integers(1, 20, 2000).astype(float)
        mean = x * random.gamma(5, 2, len(x))
        fit = clv.fit_spend(x, mean)
        self.assertGreater(fit.correlation, 0.3)
        self.assertEqual(fit.problems, ("spend_follows_frequency",))
        self.assert_close(fit.expected_spend([0, 1, 9], [0, 10, 10]),
                          [mean.mean(), (10 + mean.mean()) / 2, (90 + mean.mean()) / 10], 1e-9)

    def test_spend_without_a_mean(self):
        """q at or below 1: the model's mean is infinite; nobody's expectation is."""
        random = np.random.default_rng(0)
        x = random.integers(1, 6, 5000).astype(float)
        mean = random.gamma(3 * x, 1 / (random.gamma(0.8, 1, len(x)) * x))
        fit = clv.fit_spend(x, mean)
        self.assertLessEqual(fit.params.q, 1)
        self.assertEqual(fit.problems, ("no_mean",))
        self.assertTrue(np.isfinite(fit.expected_spend(x, mean)).all())
        kept = clv.SpendModel(fit.params, fit.average, fit.correlation)
        self.assert_close(kept.expected_spend(x, mean), fit.expected_spend(x, mean), 1e-12)
        with self.assertRaisesRegex(ValueError, "no_mean"):
            clv.SpendModel(fit.params).expected_spend(x, mean)

    def test_margins_below_zero(self):
        """They are left out of the fit, and count as nothing for those who brought them."""
        x, mean = np.array([3, 2, 5, 4, 2.0]), np.array([10, 12, 30, 9, 14.0])
        fit = clv.fit_spend(x, mean)
        other = clv.fit_spend([*x, 7], [*mean, -100])
        self.assertEqual(fit.params, other.params)
        self.assert_close(other.expected_spend([7], [-100]), other.expected_spend([7], [0]))

    def test_rank_correlation(self):
        x = np.array([1, 2, 3, 4, 5.0])
        self.assertAlmostEqual(numeric.rank_correlation(x, x**3), 1)
        self.assertAlmostEqual(numeric.rank_correlation(x, -x), -1)
        self.assertEqual(numeric.rank_correlation(x, np.ones(5)), 0)
        # By hand, with a tie: ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4.
        self.assertAlmostEqual(numeric.rank_correlation([1, 2, 2, 3], [1, 5, 3, 9]), 4.5 / np.sqrt(4.5 * 5))
        random = np.random.default_rng(0)
        one, other, weights = random.integers(0, 5, 30), random.integers(0, 5, 30), random.integers(1, 4, 30)
        self.assertAlmostEqual(numeric.rank_correlation(one, other, weights),
                               numeric.rank_correlation(np.repeat(one, weights), np.repeat(other, weights)))

    def test_steady_customers(self):
        # Gaps 4, 4, 4, 4 weeks; 1, 7, 1, 7 weeks; only two gaps; 3, 4, 5, 4 weeks.
        x, t_x, squares = [4, 4, 2, 4], [16, 16, 8, 16], [64, 100, 32, 66]
        self.assertEqual(guards.steady(x, t_x, squares).tolist(), [True, False, False, True])
        self.assertEqual(guards.steady([0, 3], [0, 0], [0, 0]).tolist(), [False, False])

    def test_outlook_of_steady_customers(self):
        """Every four weeks: on time, due in one week; late, due now; later than one and a half periods, at risk."""
        T = np.array([16, 19, 21, 23])
        due, purchases, at_risk = guards.steady_outlook(8, [4] * 4, [16] * 4, T)
        self.assertEqual(due.tolist(), [4, 1, 0, 0])
        # Two in eight weeks of who stays: five of six, the same, 0.675 (half way from 1 to 1.5), 0.35 / 2 ** 0.5.
        self.assert_close(purchases, [2 * 5 / 6, 2 * 5 / 6, 1.35, 0.7 / 2 ** 0.5])
        self.assertEqual(at_risk.tolist(), [False, False, False, True])
        with self.assertRaisesRegex(ValueError, "no period.*: 1$"):
            guards.steady_outlook(8, [4, 0], [16, 0], [20, 20])

    def test_risk_of_steady_customers(self):
        """Every four weeks: 1 in 6 until late, 0.65 from one and a half periods on, half as likely to stay at two."""
        T = np.array([16, 20, 21, 22, 24])
        risk = guards.steady_risk([4] * 5, [16] * 5, T)
        self.assert_close(risk, [1 / 6, 1 / 6, 0.325, 0.65, 1 - 0.35 / 2])
        at_risk = guards.steady_outlook(8, [4] * 5, [16] * 5, T)[2]
        self.assertEqual(at_risk.tolist(), (risk >= guards.LATE_RISK).tolist())
        earliest, latest = guards.steady_range([4, 4], [16, 16], [17, 23])
        self.assert_close(earliest, [1.8, 0])
        self.assert_close(latest, [5, 0])

    def test_steady_by_chance(self):
        """As random gaps have it: a ball about the middle of a simplex, against gaps that are drawn."""
        random = np.random.default_rng(0)
        for gaps in (3, 4, 6):
            drawn = random.dirichlet(np.ones(gaps), 100_000)
            looks = guards.steady(np.full(len(drawn), gaps), np.ones(len(drawn)), (drawn**2).sum(1)).mean()
            self.assertAlmostEqual(guards.steady_chance([gaps])[0], looks, delta=0.003)
        self.assertLess(guards.steady_chance([100_000])[0], 1e-300)
        # Three gaps: 7 of 100 by chance. Five: 1 of 100.
        self.assertEqual(guards.steady_from([3, 4, 5], [1000, 1000, 1000], [300, 200, 50]), 3)
        self.assertEqual(guards.steady_from([3, 4, 5], [1000, 1000, 1000], [289, 200, 50]), 4)
        self.assertEqual(guards.steady_from([3, 4, 5], [1000, 1000, 1000], [289, 200, 40]), 6)
        self.assertEqual(guards.steady_from([], [], []), 3)

    def test_walk_ins(self):
        """Daily purchases for a year: learned from where many do, left out where one does."""
        x, T = np.array([1.0, 300, 100, 99, 300]), np.array([52.0, 52, 28.6, 14, 90])
        self.assertEqual(guards.walk_ins(x, T, [1000, 1, 1, 1, 1]).tolist(), [False, True, False, False, False])
        self.assertEqual(guards.walk_ins(x, T, [9, 1, 1, 1, 1]).sum(), 1)
        self.assertFalse(guards.walk_ins(x, T, [50, 2, 1, 1, 1]).any())
        self.assertEqual(len(guards.walk_ins([], [])), 0)

    def test_fits_that_fail(self):
        """An error of the search is noted, and costs nobody the average rates."""
        data = cdnow(True)
        with patch.object(guards.clv, "fit_purchases", side_effect=FloatingPointError("overflow")):
            found = guards.fit_all(data.x, data.t_x, data.T)
        self.assertEqual([problems for _name, problems, _k in found.rejected], [("failed: overflow",)] * 3)
        self.assertEqual(list(found.models), ["rates"])

    def test_season(self):
        flat = np.full(104, 10.0)
        self.assertEqual(guards.season(flat).warnings, ())
        self.assertIsNone(guards.season(flat[:51]))
        self.assertIsNone(guards.season(np.zeros(60)))
        peak = flat.copy()
        peak[-4:] = 40
        self.assertEqual(guards.season(peak).warnings, ("strong_season", "after_peak"))
        self.assertEqual(guards.season(np.roll(peak, -20)).warnings, ("strong_season",))
        # A peak of four weeks with 13 purchases instead of 6 may be chance; 1,300 instead of 600 are not.
        peak = np.full(52, 1.5)
        peak[-4:] = 3.25
        self.assertEqual(guards.season(peak).warnings, ())
        self.assertEqual(guards.season(100 * peak).warnings, ("strong_season", "after_peak"))


class TestClvBacktest(Case):
    def test_grade_by_hand(self):
        """Ten customers, two of whom buy."""
        actual = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 3.0])
        predicted = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 2.0])
        probability = np.array([0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 1.0])
        grade = backtest.grade(predicted, actual, probability)
        self.assertEqual(grade.customers, 10)
        self.assertAlmostEqual(grade.mae, 0.2)
        self.assertAlmostEqual(grade.rmse, np.sqrt(0.2))
        self.assertAlmostEqual(grade.ratio, 1)
        self.assertAlmostEqual(grade.top_decile_share, 0.75)
        self.assertAlmostEqual(grade.brier, 0.05)
        # Sixteen pairs: one is a draw.
        self.assertAlmostEqual(grade.auc, 15.5 / 16)
        self.assertAlmostEqual(backtest.grade(actual, actual).gini, 1)
        self.assertAlmostEqual(backtest.grade(-actual, actual).gini, -1)

    def test_equal_predictions_stand_in_no_order(self):
        """Whatever the order of rows, who predicts nothing finds a tenth in the best tenth."""
        for actual in ([5, 0, 0, 0], [0, 0, 0, 5]):
            grade = backtest.grade(np.ones(4), actual, np.full(4, 0.3))
            self.assertAlmostEqual(grade.top_decile_share, 0.1)
            self.assertAlmostEqual(grade.gini, 0)
            self.assertAlmostEqual(grade.auc, 0.5)

    def test_nothing_to_measure_by(self):
        grade = backtest.grade([1, 2], [0, 0], [0.5, 0.5])
        self.assertEqual((grade.ratio, grade.top_decile_share, grade.gini, grade.auc), (None,) * 4)
        self.assertEqual(backtest.grade([1, 2], [0, 1])[-2:], (None, None))
        for words, bad in (("no predictions", ([], [])), ("below 0", ([1], [-1])), ("between 0", ([1], [1], [2]))):
            with self.assertRaisesRegex(ValueError, words):
                backtest.grade(*bad)

    def test_verdicts(self):
        """Too high in total: scaled. Worse than going on as before: above 1."""
        x, t_x, T, _gaps, following = simulated(5000, (0.7, 8.0, 0.9, 2.0))
        fit, actual = clv.fit_purchases(x, t_x, T), following(26)
        purchases, active = fit.expected_purchases(26, x, t_x, T), fit.probability_active(26, x, t_x, T)
        good = backtest.judge(purchases, actual, active, x, T, 26)
        self.assertLess(good.relative_error, 1)
        self.assertEqual(good.factor, 1)
        scaled = backtest.judge(2 * purchases, actual, active, x, T, 26)
        self.assertLess(scaled.relative_error, 1)
        self.assertAlmostEqual(scaled.factor * 2, 1.4 * actual.sum() / purchases.sum())
        self.assertAlmostEqual(scaled.grade.ratio, 1.4, msg="as far as chance does not explain it")
        shuffled = np.random.default_rng(0).permutation(len(x))
        bad = backtest.judge(purchases[shuffled], actual, active[shuffled], x, T, 26)
        self.assertGreater(bad.relative_error, 1)
        same = backtest.average_rate(x, T, 26)
        self.assertAlmostEqual(backtest.judge(same[0], actual, same[1], x, T, 26).relative_error, 1, delta=0.35)

    def test_average_rate(self):
        purchases, probability = backtest.average_rate([0, 3, 0], [26, 52, 0], 26)
        self.assert_close(purchases, [0, 1.5, 0])
        self.assert_close(probability, [0, 1 - np.exp(-1.5), 0])

    def test_probabilities_come_true(self):
        """Of a thousand customers with like probabilities, about so many buy."""
        x, t_x, T, _gaps, following = simulated(10_000, (0.7, 8.0, 0.9, 2.0))
        probability = clv.fit_purchases(x, t_x, T).probability_active(26, x, t_x, T)
        bought = following(26) > 0
        for group in np.array_split(np.argsort(probability, kind="stable"), 10):
            self.assertAlmostEqual(probability[group].mean(), bought[group].mean(), delta=0.04)
