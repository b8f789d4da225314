"""The candidates for a company's forecasts by hand, and that each of them falls with silence, whatever the data."""

import os
import tempfile

# Hypothesis keeps notes; not in the checkout.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(tempfile.gettempdir(), "hypothesis"))

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

try:
    from .clv_common import Case, cdnow, engine, simulated
except ImportError:
    from clv_common import Case, cdnow, engine, simulated

clv, candidates = engine("clv"), engine("mathematics.candidates")

YEAR = 52.0
# A forecast is an integral by quadrature: two that are equal may differ in so much of themselves.
NOISE = 1e-6


def calm(examples):
    """The same examples every time, however slow the machine is."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


def late_share(idle, gap):
    """Return the lateness share, as ``lateness.share_sql`` has it."""
    return np.where(idle > gap, 1 - gap / np.maximum(idle, 1e-9), 0.0)


@st.composite
def silences(draw):
    """Purchases, and growing silences after the last of them: x, t_x, idle (weeks), typical gap."""
    x = draw(st.one_of(st.integers(0, 4), st.integers(0, 400)))
    t_x = draw(st.one_of(st.integers(1, 30).map(lambda days: days / 7), st.floats(0.2, 1500))) if x else 0.0
    idle = sorted(draw(st.lists(
        st.one_of(st.integers(0, 60).map(lambda days: days / 7), st.floats(0, 1600)), min_size=2, max_size=12,
    )))
    return float(x), t_x, np.array([0.0, *idle]), draw(st.floats(1 / 7, 300))


@st.composite
def fitted(draw):
    """Candidates with any parameters that a sound fit may have."""
    factor = draw(st.sampled_from((1.0, 0.3, 1.9)))
    logs = [draw(st.floats(low, high)) for low, high in ((-4, 3.9), (-3, 6), (-4, 3.9), (-3, 5))]
    return {"method": "likelihood", "k": draw(st.sampled_from((1, 2))), "params": np.exp(logs), "factor": factor}


class TestClvCandidates(Case):
    def assert_falls(self, candidate, customers, discount_rate=0.1):
        """Rows stand in the order of their silence: no number rises from one to the next."""
        found = candidates.forecast(candidate, YEAR, customers, discount_rate)
        for name in ("alive", "active", "purchases", "discounted"):
            values = getattr(found, name)
            self.assertTrue(np.isfinite(values).all() and (values >= 0).all(), (name, values))
            rises = np.diff(values) > NOISE * (values[:-1] + 1e-9)
            self.assertFalse(rises.any(), (name, candidate, customers, values))
        self.assertTrue((found.active <= found.purchases * (1 + NOISE)).all())

    @calm(300)
    @given(silences(), fitted())
    def test_models_fall_with_silence(self, history, candidate):
        x, t_x, idle, _gap = history
        rows = np.full(len(idle), x)
        # The same purchases, seen for longer; and last purchases farther back, seen for as long.
        longer = candidates.Histories(rows, np.full(len(idle), t_x), t_x + idle, np.zeros(len(idle)))
        self.assert_falls(candidate, longer)
        if x:
            whole = t_x + idle[-1]
            self.assert_falls(candidate, longer._replace(t_x=whole - idle, T=np.full(len(idle), whole)))

    @calm(300)
    @given(silences(), st.floats(1e-4, 5))
    def test_rule_falls_with_silence(self, history, rate):
        x, t_x, idle, gap = history
        rows, candidate = np.full(len(idle), x), {"method": "rule", "rate": rate, "factor": 1.0}
        longer = candidates.Histories(rows, np.full(len(idle), t_x), t_x + idle, late_share(idle, gap))
        self.assert_falls(candidate, longer)
        whole = t_x + idle[-1]
        self.assert_falls(candidate, longer._replace(t_x=whole - idle, T=np.full(len(idle), whole)))

    @calm(300)
    @given(silences(), st.sampled_from((1.0, 0.4, 1.6)))
    def test_rhythm_falls_with_silence(self, history, factor):
        x, t_x, idle, _gap = history
        if not x:
            return
        customers = candidates.Histories(
            np.full(len(idle), x), np.full(len(idle), t_x), t_x + idle, np.zeros(len(idle))
        )
        self.assert_falls({"method": "rhythm", "factor": factor}, customers)

    @calm(100)
    @given(silences(), fitted(), st.floats(1e-4, 5), st.floats(0, 1))
    def test_a_mixture_falls_with_silence(self, history, model, rate, weight):
        x, t_x, idle, gap = history
        customers = candidates.Histories(
            np.full(len(idle), x), np.full(len(idle), t_x), t_x + idle, late_share(idle, gap)
        )
        rule = {"method": "rule", "rate": rate, "factor": 1.0}
        both = [candidates.forecast(one, YEAR, customers) for one in (model, rule)]
        found = candidates.mixed(both, [weight, 1 - weight])
        for column in found[:4]:
            self.assertFalse((np.diff(column) > NOISE * (column[:-1] + 1e-9)).any(), column)

    def test_regular_model_alone_would_rise(self):
        """Twice the purchases of hidden events: who is due soon is expected to buy half a purchase more."""
        params = (1.0, 10.0, 0.8, 12.0)
        idle = np.array([0, 10, 20.0])
        x, t_x = np.full(3, 3.0), np.full(3, 150.0)
        model = clv.PurchaseModel(params, 2)
        self.assertTrue((np.diff(model.expected_purchases(YEAR, x, t_x, t_x + idle)) > 0).any())
        customers = candidates.Histories(x, t_x, t_x + idle, np.zeros(3))
        self.assert_falls({"method": "likelihood", "k": 2, "params": params, "factor": 1.0}, customers)

    def test_rule_by_hand(self):
        """Everybody buys every 26 weeks. One purchase at that rate is added to each customer's own."""
        rule = {"method": "rule", "rate": 1 / 26, "factor": 1.0}
        # Bought once today; once half a year ago; once thirty years ago; four times in 26 weeks, on time, and late by
        # twice and by four times the usual silence.
        customers = candidates.Histories(*np.array([
            (0, 0, 0, 0), (0, 0, 26, 0), (0, 0, 1565, 0.98), (3, 20, 26, 0), (3, 20, 26, 0.5), (3, 20, 26, 0.75),
        ], float).T)
        found = candidates.forecast(rule, YEAR, customers)
        self.assert_close(found.alive, [1, 1, 0.02, 1, 0.5, 0.25])
        # 1 in 26 weeks; 1 in 52; 1 in 1591; 4 in 52.
        self.assert_close(found.purchases, [2, 1, 0.02 * 52 / 1591, 4, 2, 1])
        self.assert_close(found.discounted, found.purchases)
        # No purchase in 52 weeks: 26 / (26 + 52) for one in 26 weeks; (52 / 104) ^ 4 for four in 52.
        chance = 15 / 16
        self.assert_close(found.active, [
            2 / 3, 1 / 2, 0.02 * 52 / (1591 + 52), chance, chance / 2, chance / 4,
        ])
        middle = found.next_weeks[1]
        self.assertTrue(np.isnan(middle[:3]).all(), "who bought once has no rhythm")
        # Half of the purchases of a year have come when half of the chance of any has passed.
        self.assert_close(middle[3:], np.full(3, 52 * ((1 - chance / 2) ** -0.25 - 1)))
        # 10 % a year, evenly over 52 weeks.
        worth = candidates.forecast(rule, YEAR, customers, 0.1).discounted[0]
        rate = np.log(1.1) * 7 / 365.25
        self.assertAlmostEqual(worth, 2 * (1 - np.exp(-52 * rate)) / (52 * rate))

    def test_everybodys_rate_by_hand(self):
        """Three customers seen for 52 weeks each, who came back four times in all: 5 purchases in 208 weeks."""
        found, fits = candidates.fit([0, 1, 3], [0, 9, 30], [52, 52, 52])
        self.assertEqual(found, {"rule": {"method": "rule", "rate": 5 / 208, "factor": 1.0}})
        self.assertEqual((fits.models, fits.evidence.level), ({}, "none"))
        # A company's first customer, today: one purchase more within a year, until something else is known.
        self.assertEqual(candidates.fit([0], [0], [0])[0]["rule"]["rate"], 1 / 52)
        nobody = np.zeros(0)
        self.assertEqual(candidates.fit(nobody, nobody, nobody)[0]["rule"]["rate"], 1 / 52)

    def test_rhythm_by_hand(self):
        """Every four weeks, four times: 13 a year for five of six, until late; then as far as they stay."""
        idle = np.array([0, 2, 4, 5, 6, 8.0])
        customers = candidates.Histories(np.full(6, 4.0), np.full(6, 16.0), 16 + idle, np.zeros(6))
        found = candidates.forecast({"method": "rhythm", "factor": 1.0}, YEAR, customers)
        stays = [5 / 6, 5 / 6, 5 / 6, 0.675, 0.35, 0.175]
        self.assert_close(found.active, stays)
        self.assert_close(found.purchases, 13 * np.array(stays))
        self.assert_close(found.next_weeks[1][:4], [4, 2, 0, 0])
        self.assertTrue(np.isnan(found.next_weeks[1][4:]).all(), "at risk: no day to wait for")

    def test_every_two_years(self):
        """Nobody is more likely to buy than purchases are expected."""
        customers = candidates.Histories(*np.array([(4, 416, 420, 0)], float).T)
        found = candidates.forecast({"method": "rhythm", "factor": 1.0}, YEAR, customers)
        self.assert_close(found.purchases, [0.5 * 5 / 6])
        self.assert_close(found.active, found.purchases)

    def test_all_are_judged_on_the_same(self):
        """On real purchases the rule with silence is about as good as the model, and far better than without."""
        data = cdnow(True)
        gap = np.where(data.x > 0, data.t_x / np.maximum(data.x, 1), 8.0)
        customers = candidates.Histories(data.x, data.t_x, data.T, late_share(data.T - data.t_x, gap))
        found, _fits = candidates.fit(data.x, data.t_x, data.T, data.sum_log_gaps)
        self.assertEqual(tuple(found), candidates.NAMES)
        verdicts = candidates.judge(found, customers, data.purchases, data.horizon)
        errors = {name: verdict.relative_error for name, verdict in verdicts.items()}
        self.assertTrue(all(error < 0.8 for error in errors.values()), errors)
        plain = {verdict.rule for verdict in verdicts.values()}
        self.assertEqual(len(plain), 1, "measured by the same")

    def test_regular_customers_are_judged_by_the_same_kind_of_model(self):
        x, t_x, T, gaps, _following = simulated(3000, (3.0, 1.5, 0.8, 12.0), k=2)
        self.assertEqual(candidates.fit(x, t_x, T, gaps)[0]["model"]["k"], 2)
        found, _fits = candidates.fit(x, t_x, T, kinds={"model": 2, "prior": 2})
        self.assertEqual((found["model"]["k"], found["prior"]["k"]), (2, 2), "without gaps to tell it by")

    def test_mixture_by_hand(self):
        one, other = (
            candidates.Forecast(*(np.full(1, number * value) for value in (0.5, 0.4, 3, 2)), next_weeks=number)
            for number in (1, 2)
        )
        found = candidates.mixed([one, other], [0.25, 0.75])
        self.assert_close([column[0] for column in found[:4]], [0.875, 0.7, 5.25, 3.5])
        self.assertEqual(found.next_weeks, 1, "a day is not mixed")
