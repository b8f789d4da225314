"""The formulas of the models, against integrals taken by brute force and against simulated customers."""

import importlib.util

import numpy as np
from scipy.special import gammainc, hyp2f1, roots_genlaguerre, roots_jacobi

try:
    from .clv_common import ENGINE, Case, engine, simulated
except ImportError:
    from clv_common import ENGINE, Case, engine, simulated

clv = engine("clv")
numeric, likelihood, optimum = (engine(f"mathematics.{name}") for name in ("numeric", "likelihood", "optimum"))

# (x, t_x, T), from "bought once, long ago" to "buys all the time".
HISTORIES = ((0, 0.0, 30.0), (0, 0.0, 0.0), (1, 3.0, 40.0), (4, 30.0, 31.0), (4, 5.0, 60.0), (12, 50.0, 52.0))
PARAMS = ((0.6, 7.3, 0.8, 1.2), (2.5, 4.0, 1.0, 3.0), (0.3, 12.0, 2.7, 0.7))
KINDS = ((1, "mbg"), (2, "mbg"), (1, "bg"), (2, "bg"))


class Integrated:
    """What the model says of one customer, by summing over λ and p instead of by formulas."""

    def __init__(self, params, k, model, x, t_x, T):
        r, alpha, a, b = params
        self.k = k
        p, of_p = roots_jacobi(60, b - 1, a - 1)
        rate, of_rate = roots_genlaguerre(90, r - 1 + k * x)
        self.p, self.rate = ((1 + p) / 2)[:, None], rate / (alpha + t_x)
        chances = x + (model == "mbg")
        weight = np.outer(of_p, of_rate)
        idle = T - t_x
        here = weight * (1 - self.p) ** chances * np.exp(-self.rate * idle)
        # By hidden events since the last purchase.
        self.alive = [here * (self.rate * idle) ** j for j in range(k)]
        left = weight * self.p * (1 - self.p) ** (chances - 1) if chances else 0 * weight
        self.total = sum(part.sum() for part in self.alive) + left.sum()

    def over_alive(self, function):
        """Return the mean of a function of the hidden stage, nothing for those who left."""
        return sum((part * function(j)).sum() for j, part in enumerate(self.alive)) / self.total

    def probability_alive(self):
        return self.over_alive(lambda stage: 1.0)

    def probability_active(self, horizon):
        return self.over_alive(lambda stage: gammainc(self.k - stage, self.rate * horizon))

    def expected_purchases(self, horizon):
        # The n-th purchase takes k·n events, and staying after each purchase before it.
        return self.over_alive(lambda stage: sum(
            (1 - self.p) ** (n - 1) * gammainc(self.k * n - stage, self.rate * horizon) for n in range(1, 150)
        ))


class TestClvModel(Case):
    def test_predictions_are_the_integrals(self):
        for params in PARAMS:
            for k, name in KINDS:
                model = clv.PurchaseModel(params, k, name)
                for history in HISTORIES:
                    with self.subTest(params=params, k=k, model=name, history=history):
                        truth = Integrated(params, k, name, *history)
                        self.assert_close(model.probability_alive(*history), [truth.probability_alive()], 1e-8)
                        for horizon in (2.0, 26.0):
                            active = model.probability_active(horizon, *history)
                            self.assert_close(active, [truth.probability_active(horizon)], 1e-7)
                            purchases = model.expected_purchases(horizon, *history)
                            self.assert_close(purchases, [truth.expected_purchases(horizon)], 1e-6)

    def test_next_purchase_is_the_quantile(self):
        """As many purchases have come by then as were asked for, of those that come in time."""
        for params in PARAMS:
            for k, name in KINDS:
                model = clv.PurchaseModel(params, k, name)
                x, t_x, T = np.array(HISTORIES).T
                in_time = model.probability_active(52, x, t_x, T)
                before = np.zeros(len(x))
                for quantile in (0.0, 0.1, 0.5, 0.9, 1.0):
                    weeks = model.next_purchase(52, x, t_x, T, quantile)
                    self.assertTrue((weeks >= before).all() and (weeks <= 52).all())
                    self.assert_close(model.probability_active(weeks, x, t_x, T), quantile * in_time, 1e-8)
                    before = weeks
                self.assert_close(before, np.full(len(x), 52.0), 1e-7)

    def test_next_purchase_has_the_closed_form(self):
        """k = 1: F = 1 - ((α+T)/(α+T+H))^(r+x) and t½ = (α+T)·((1 - F/2)^(-1/(r+x)) - 1)."""
        r, alpha, a, b = PARAMS[0]
        x, t_x, T = np.array(HISTORIES).T
        in_time = 1 - ((alpha + T) / (alpha + T + 52)) ** (r + x)
        half = (alpha + T) * ((1 - in_time / 2) ** (-1 / (r + x)) - 1)
        self.assert_close(clv.PurchaseModel((r, alpha, a, b)).next_purchase(52, x, t_x, T, 0.5), half, 1e-9)

    def test_quadrature_is_the_closed_form(self):
        """k = 1, with ₂F₁ in Euler's form, wherever that one can be computed."""
        random = np.random.default_rng(0)
        for _ in range(200):
            r, a, b = 10 ** random.uniform((-1, -1, -1), (1, 1, 1.5))
            if abs(a - 1) < 0.02:
                continue
            x, reach = np.floor(10 ** random.uniform(0, 4, 30)) - 1, 10 ** random.uniform(-2, 2, 30)
            n, leaving, z = r + x, b + x + 1, reach / (1 + reach)
            c = a + leaving - 1
            euler = c / (a - 1) * (1 - (1 - z) ** (a - 1) * hyp2f1(c - n, a - 1, c, z))
            (mine,) = numeric.purchases_while_alive(n, reach, a, leaving, 1)
            self.assert_close(mine / euler, np.ones(30), 1e-7, f"{r=} {a=} {b=}")

    def test_quadrature_near_a_of_one(self):
        """a = 1 is nothing special, though the closed form divides zero by zero there."""
        n, reach, b = np.array([0.6, 5.6, 300.6]), np.array([5.0, 1.0, 0.2]), np.array([2.2, 7.2, 302.2])
        for k in (1, 2):
            for place in (1.0, 1.0 + 1e-9, 1.0 - 1e-6):
                places = place - 0.01, place, place + 0.01
                below, at, above = (np.array(numeric.purchases_while_alive(n, reach, a, b, k)) for a in places)
                self.assert_close(at, (below + above) / 2, 1e-3)

    def test_more_nodes_change_nothing(self):
        """In the farthest corners of what parameters may be, the quadrature is exact to six digits."""
        random = np.random.default_rng(3)
        nodes, tail = numeric.NODES, numeric.TAIL
        try:
            for _ in range(25):
                x = np.floor(10 ** random.uniform(0, 5, 50)) - 1
                r, a, b = 10 ** random.uniform((-4, -5, -4), (2, 3, 4))
                for k in (1, 2):
                    arguments = r + k * x, 10 ** random.uniform(-3, 5, 50), a, b + x, k
                    numeric.NODES, numeric.TAIL = nodes, tail
                    usual = np.array(numeric.purchases_while_alive(*arguments))
                    numeric.NODES, numeric.TAIL = 500, 50.0
                    self.assert_close(usual / numeric.purchases_while_alive(*arguments), np.ones((k, 50)), 1e-6)
        finally:
            numeric.NODES, numeric.TAIL = nodes, tail

    def test_slopes(self):
        """The slopes of the likelihoods are their differences."""
        random = np.random.default_rng(1)
        x = np.array([0, 0, 1, 2, 7, 40.0])
        t_x, T = np.array([0, 0, 3, 30, 31, 5.0]), np.array([10, 0, 30, 31, 31, 50.0])
        weights = np.array([3, 1, 2, 1, 1, 0.5])
        functions = [
            lambda params, k=k, late=late: likelihood.PurchaseLikelihood(x, t_x, T, weights, late)(params, k)
            for k in (1, 2) for late in (True, False)
        ]
        spend = likelihood.SpendLikelihood(x[2:], np.array([3.0, 0.2, 1.0, 7.0]), weights[2:])
        for function, size in [(function, 4) for function in functions] + [(spend, 3)]:
            theta = random.normal(0.3, 0.7, size)
            slope = function(np.exp(theta))[1]
            for i, step in enumerate(np.eye(size) * 1e-5):
                change = function(np.exp(theta + step))[0] - function(np.exp(theta - step))[0]
                self.assertAlmostEqual(slope[i], change / 2e-5, delta=1e-5 * (1 + abs(slope[i])))

    def test_search(self):
        """A curved valley; one that leads out at a limit; a summit to begin at; a loss that is no number."""
        wide, narrow = np.array([(-5.0, 5.0)] * 2), np.array([(-5.0, 0.5), (-5.0, 5.0)])

        def valley(at):
            along, across = 1 - at[0], at[1] - at[0] ** 2
            return along**2 + 100 * across**2, np.array([-2 * along - 400 * at[0] * across, 200 * across])

        found = optimum.search(valley, [(-1.2, 1.0)], wide)
        self.assertTrue(found.converged)
        self.assert_close(found.place, (1, 1), 1e-6)
        self.assertEqual(found.at_limit, [])
        found = optimum.search(valley, [(-1.2, 1.0)], narrow)
        self.assertTrue(found.converged)
        self.assert_close(found.place, (0.5, 0.25), 1e-6)
        self.assertEqual(found.at_limit, [0])
        found = optimum.search(lambda at: (np.cos(at).sum(), -np.sin(at)), [(0.1, -0.1)], wide)
        self.assertTrue(found.converged)
        self.assert_close(found.place, (np.pi, -np.pi), 1e-6)
        self.assertFalse(optimum.search(lambda at: (np.nan, at * np.nan), [(1.0, 1.0)] * 2, wide).converged)

    def test_simulated_customers_give_back_the_parameters(self):
        for k, name, params in (
            (1, "mbg", (0.7, 8.0, 0.9, 2.0)), (2, "mbg", (1.5, 4.0, 0.8, 3.0)), (1, "bg", (0.5, 6.0, 0.8, 2.5)),
        ):
            with self.subTest(k=k, model=name):
                x, t_x, T, gaps, following = simulated(30_000, params, k, late=name == "bg")
                fit = clv.fit_purchases(x, t_x, T, gaps, model=name)
                self.assertEqual(fit.k, k)
                self.assertEqual(fit.problems, ())
                self.assert_close(np.log(np.divide(fit.params, params)), np.zeros(4), 0.12)
                # And the future is what was predicted: in total, among buyers, and for the best tenth.
                for horizon in (13.0, 52.0):
                    purchases = fit.expected_purchases(horizon, x, t_x, T)
                    active = fit.probability_active(horizon, x, t_x, T)
                    actual = following(horizon)
                    best = purchases >= np.quantile(purchases, 0.9)
                    self.assert_close(purchases.sum() / actual.sum(), 1, 0.03)
                    self.assert_close(purchases[best].sum() / actual[best].sum(), 1, 0.04)
                    self.assert_close(active.mean() / (actual > 0).mean(), 1, 0.03)

    def test_simulated_spend(self):
        random = np.random.default_rng(2)
        p, q, gamma = 4.0, 3.5, 20.0
        x = random.integers(1, 12, 20_000).astype(float)
        mean = random.gamma(p * x, 1 / (random.gamma(q, 1 / gamma, len(x)) * x))
        fit = clv.fit_spend(x, mean)
        self.assert_close(np.log(np.divide(fit.params, (p, q, gamma))), np.zeros(3), 0.05)
        self.assertEqual(fit.problems, ())
        # Who bought nothing yet is worth the mean; who bought much is worth their own mean.
        self.assert_close(fit.expected_spend([0, 10**6], [0, 77.0]), (p * gamma / (q - 1), 77.0), 0.03)

    def test_discounted_purchases(self):
        model, history = clv.PurchaseModel(PARAMS[0]), np.array(HISTORIES).T
        plain = model.expected_purchases(104, *history)
        self.assert_close(model.discounted_purchases(104, *history, 0.0), plain, 1e-12)
        # Slice by slice, each at its middle.
        ends = np.linspace(0, 104, 209)
        slices = np.diff([model.expected_purchases(end, *history) for end in ends], axis=0)
        factors = 1.1 ** (-(ends[1:] + ends[:-1]) / 2 / (365.25 / 7))
        self.assert_close(model.discounted_purchases(104, *history, 0.1), factors @ slices, 1e-4)

    def test_priors(self):
        """A strong prior is what comes out; a weak one fades as customers become many."""
        x, t_x, T, _gaps, _following = simulated(300, (0.7, 8.0, 0.9, 2.0))
        medians = (0.5, 5.0, 0.6, 1.5)
        strong = clv.fit_purchases(x, t_x, T, k=1, prior=(medians, [1e-4] * 4))
        self.assert_close(strong.params, medians, 1e-4)
        weak, free = clv.fit_purchases(x, t_x, T, k=1, prior=True), clv.fit_purchases(x, t_x, T, k=1)
        self.assertEqual(weak.params, clv.fit_purchases(x, t_x, T, k=1, prior=1.0).params)
        self.assertLess(weak.log_likelihood, free.log_likelihood)
        many = [np.tile(column, 1000) for column in (x, t_x, T)]
        self.assert_close(clv.fit_purchases(*many, k=1, prior=True).params, clv.fit_purchases(*many, k=1).params, 1e-2)
        for bad in (0.0, -1, "much", (medians, (1, 1, 1)), ((1, 1, 0, 1), (1, 1, 1, 1)), (1, 2, 3)):
            with self.assertRaises(ValueError):
                clv.fit_purchases(x, t_x, T, prior=bad)

    def test_kept_parameters_predict_the_same(self):
        """A fit can be stored as its parameters and taken up again."""
        x, t_x, T, gaps, _following = simulated(500, (0.7, 8.0, 0.9, 2.0))
        fit = clv.fit_purchases(x, t_x, T, gaps)
        again = clv.PurchaseModel(fit.params, fit.k, fit.model)
        for model in (fit, again):
            model.found = model.expected_purchases(52, x, t_x, T), model.next_purchase(52, x, t_x, T, 0.5)
        for one, other in zip(fit.found, again.found, strict=True):
            self.assertTrue((one == other).all())

    def test_loads_by_its_path(self):
        """Without a package, with numpy and scipy only."""
        spec = importlib.util.spec_from_file_location("some.name", ENGINE / "clv.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        fit = module.fit_purchases([0, 2, 5], [0, 8, 30], [40, 40, 40])
        self.assertEqual(fit.params, clv.fit_purchases([0, 2, 5], [0, 8, 30], [40, 40, 40]).params)
