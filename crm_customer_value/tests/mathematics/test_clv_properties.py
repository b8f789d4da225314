"""Nothing is ever NaN, infinite, negative, or a probability outside 0 to 1, whatever the data; bad rows are named."""

import os
import tempfile

# Hypothesis keeps notes; not in the checkout.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(tempfile.gettempdir(), "hypothesis"))

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

try:
    from .clv_common import Case, cdnow, engine
except ImportError:
    from clv_common import Case, cdnow, engine

clv, guards, backtest = engine("clv"), engine("mathematics.guards"), engine("mathematics.backtest")

WEEKS = 50 * 365.25 / 7
KINDS = st.tuples(st.sampled_from((1, 2)), st.sampled_from(("mbg", "bg")))


def calm(examples):
    """The same examples every time, however slow the machine is."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


@st.composite
def histories(draw, size=8):
    """Columns x, t_x, T with up to 100,000 purchases in up to 50 years, the ends included."""
    rows = draw(st.lists(st.tuples(
        st.one_of(st.sampled_from((0, 0, 1, 2, 100_000)), st.integers(0, 100_000)),
        st.one_of(st.sampled_from((0.0, 1.0)), st.floats(0, 1)),
        st.one_of(st.sampled_from((0.0, 1 / 7, WEEKS)), st.floats(0, WEEKS), st.integers(0, 520).map(float)),
    ), min_size=1, max_size=size))
    x, share, T = (np.array(column, float) for column in zip(*rows, strict=True))
    return x, np.where(x > 0, share * T, 0), T


@st.composite
def models(draw):
    """Models with any parameters that a fit can end at, far outside of what makes sense."""
    k, name = draw(KINDS)
    logs = [draw(st.floats(low, high)) for low, high in ((-9, 9), (-12, 20), (-12, 9), (-9, 9))]
    return clv.PurchaseModel(np.exp(logs), k, name)


class TestClvProperties(Case):
    def assert_sane(self, model, horizon, history, quantile=0.5):
        """Look at all predictions of a model."""
        alive = model.probability_alive(*history)
        active = model.probability_active(horizon, *history)
        purchases = model.expected_purchases(horizon, *history)
        weeks = model.next_purchase(horizon, *history, quantile)
        for values in (alive, active, purchases, weeks):
            self.assertEqual(values.shape, history[0].shape)
            self.assertTrue(np.isfinite(values).all() and (values >= 0).all(), (model.params, values))
        self.assertTrue((alive <= 1).all() and (active <= alive).all())
        self.assertTrue((weeks <= horizon).all())
        # Who expects one purchase with this probability expects at least so many.
        self.assertTrue((purchases >= active * (1 - 1e-6) - 1e-12).all(), (model.params, purchases, active))

    @calm(150)
    @given(models(), st.one_of(st.just(0.0), st.floats(0, WEEKS)), histories(), st.floats(0, 1))
    def test_any_model_predicts_sane_numbers(self, model, horizon, history, quantile):
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            self.assert_sane(model, horizon, history, quantile)

    @calm(60)
    @given(histories(), KINDS, st.sampled_from((None, True)), st.integers(1, 1000))
    def test_any_data_can_be_fitted(self, history, kind, prior, weight):
        k, name = kind
        fit = clv.fit_purchases(*history, k=k, model=name, prior=prior, weights=np.full(len(history[0]), weight))
        self.assertTrue(all(np.isfinite(fit.params)) and np.isfinite(fit.log_likelihood))
        self.assert_sane(fit, 52.0, history)

    @calm(40)
    @given(histories(1), st.integers(1, 200), KINDS)
    def test_equal_customers(self, history, count, kind):
        """One customer, or many who are all equal."""
        history = [np.repeat(column, count) for column in history]
        fit = clv.fit_purchases(*history, k=kind[0], model=kind[1])
        self.assert_sane(fit, 52.0, history)
        self.assertEqual(len(np.unique(fit.expected_purchases(52.0, *history))), 1)
        self.assert_sane(clv.fit_purchases(*history, prior=True), 52.0, history)
        self.assert_sane(guards.shrunken_rates(*history), 52.0, history)

    @calm(30)
    @given(histories(60))
    def test_every_fit_is_sound_or_absent(self, history):
        found = guards.fit_all(*history)
        self.assertEqual(not found.models, found.evidence.level == "none")
        for model, _method in found.models.values():
            self.assertEqual(model.problems, ())
            self.assert_sane(model, 52.0, history)

    @calm(100)
    @given(st.lists(st.tuples(
        st.one_of(st.sampled_from((0, 1)), st.integers(0, 100_000)), st.floats(-1e6, 1e9)), min_size=1, max_size=20))
    def test_any_spend(self, rows):
        x, mean = np.array(rows, float).T
        if not ((x > 0) & (mean > 0)).any():
            with self.assertRaisesRegex(ValueError, "no customer with a mean spend above 0"):
                clv.fit_spend(x, mean)
            return
        spend = clv.fit_spend(x, mean).expected_spend(x, mean)
        self.assertTrue(np.isfinite(spend).all() and (spend >= 0).all())
        self.assertLessEqual(spend.max(), max(mean.max(), 2 * mean[(x > 0) & (mean > 0)].mean()) * (1 + 1e-9))

    @calm(100)
    @given(st.lists(st.tuples(
        st.floats(0, 1e5), st.integers(0, 100), st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=30))
    def test_any_grade(self, rows):
        predicted, actual, probability, weights = np.array(rows, float).T
        grade = backtest.grade(predicted, actual, probability, weights=weights)
        for name in ("top_decile_share", "brier", "auc"):
            value = getattr(grade, name)
            self.assertTrue(value is None or -1e-9 <= value <= 1 + 1e-9, (name, value))
        single = (np.repeat(column, weights.astype(int)) for column in (predicted, actual, probability))
        repeated = backtest.grade(*single)
        for one, other in zip(grade, repeated, strict=True):
            self.assertEqual(one is None, other is None)
            self.assert_close(one or 0, other or 0, 1e-6)

    def test_giants_do_not_drown_the_others(self):
        """A customer with 100,000 purchases in the data, or to be predicted, costs nobody their number."""
        data = cdnow(True)
        history = [np.append(column, value) for column, value in ((data.x, 1e5), (data.t_x, 38.0), (data.T, 39.0))]
        for k in (1, 2):
            fit = clv.fit_purchases(*history, k=k)
            self.assertTrue(fit.converged)
            self.assert_sane(fit, 52.0, history)
            sane = clv.fit_purchases(data.x, data.t_x, data.T, k=k)
            self.assert_sane(sane, 52.0, history)
            # Who has just been here once more goes on as before, as far as an own rate is believed.
            rate = 1e5 / (sane.params.alpha + 39)
            self.assert_close(sane.expected_purchases(1 / 7, [1e5], [39.0], [39.0]) / (rate / 7), [1], 0.02)

    def test_bad_rows_are_named(self):
        good = [np.array([0, 1, 2, 3.0]), np.array([0, 5, 6, 7.0]), np.array([10, 10, 10, 10.0])]
        model = clv.fit_purchases(*good)
        for column, row, value, words in (
            (0, 1, -1, "x must be a whole number"), (0, 3, 2.5, "x must be a whole number"),
            (0, 2, np.nan, "x must be a finite"), (0, 2, np.inf, "x must be a finite"), (0, 1, 0, "0 where x is 0"),
            (1, 2, -1, "between 0 and T"), (1, 3, 10.5, "between 0 and T"), (1, 1, None, "t_x must be a finite"),
            (2, 3, np.inf, "T must be a finite"), (2, 0, -1, "between 0 and T"),
        ):
            history = [values.copy() for values in good]
            history[column][row] = value
            for function, arguments in (
                (clv.fit_purchases, history), (model.probability_alive, history),
                (model.expected_purchases, (52, *history)), (model.probability_active, (52, *history)),
                (model.next_purchase, (52, *history, 0.5)),
            ):
                with self.subTest(function=function.__name__, column=column, row=row, value=value):
                    with self.assertRaisesRegex(ValueError, words) as caught:
                        function(*arguments)
                    self.assertEqual(caught.exception.rows, [row])
                    self.assertIn(f"counted from 0: {row}", str(caught.exception))

    def test_bad_arguments(self):
        good = [[0, 1, 2], [0, 5, 6], [10, 10, 10]]
        model = clv.fit_purchases(*good)
        for words, call in (
            ("differ in length: x 3, t_x 3, T 2", lambda: clv.fit_purchases(*good[:2], [10, 10])),
            ("one dimension", lambda: clv.fit_purchases([good[0]], *good[1:])),
            ("x holds something that is no number", lambda: clv.fit_purchases(["a", "b", "c"], *good[1:])),
            ("no customers", lambda: clv.fit_purchases([], [], [])),
            ("k is 1 or 2", lambda: clv.fit_purchases(*good, k=3)),
            ("model 'mbg' or 'bg'", lambda: clv.fit_purchases(*good, model="pareto")),
            ("a weight must not be below 0: 1 bad row.*: 2$", lambda: clv.fit_purchases(*good, weights=[1, 1, -1])),
            ("no row has a weight", lambda: clv.fit_purchases(*good, weights=[0, 0, 0])),
            ("3 rows, but 2 weights", lambda: clv.fit_purchases(*good, weights=[1, 1])),
            ("above 0 and finite", lambda: clv.PurchaseModel((1, 1, 0, 1))),
            ("horizon must not be below 0", lambda: model.expected_purchases(-1, *good)),
            ("horizon must be a finite", lambda: model.probability_active(np.inf, *good)),
            ("quantile lies between", lambda: model.next_purchase(52, *good, 1.5)),
            ("discount rate", lambda: model.discounted_purchases(52, *good, -0.1)),
            ("mean_spend must be a finite.*: 1$", lambda: clv.fit_spend([1, 2], [1, np.nan])),
            ("x must be a whole number.*: 0$", lambda: clv.fit_spend([1.5, 2], [1, 1])),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                call()

    def test_gaps_in_days_are_found_out(self):
        """Gaps in days beside weeks would make everybody look regular."""
        data = cdnow(True)
        days = data.sum_log_gaps + data.x * np.log(7)
        for gaps, words in (
            (days, "above that of equal gaps in weeks"), (days.sum(), "gaps in weeks"), (np.nan, "sum_log_gaps is nan"),
            (np.where(data.x > 0, np.nan, 0), "finite number where x is above 0"),
        ):
            with self.assertRaisesRegex(ValueError, words):
                clv.fit_purchases(data.x, data.t_x, data.T, gaps)
        # A customer without gaps has no sum in SQL.
        fit = clv.fit_purchases(data.x, data.t_x, data.T, np.where(data.x > 0, data.sum_log_gaps, np.nan))
        self.assertEqual(fit.k, 1)

    def test_nobody_at_all(self):
        empty = np.array([])
        model = clv.PurchaseModel((1, 1, 1, 1), k=2)
        for result in (
            model.probability_alive(empty, empty, empty), model.probability_active(52, empty, empty, empty),
            model.expected_purchases(52, empty, empty, empty), model.next_purchase(52, empty, empty, empty, 0.5),
        ):
            self.assertEqual(result.shape, (0,))
