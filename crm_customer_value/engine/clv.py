"""Predicting purchases and spend of customers: pure mathematics on arrays, in weeks.

Purchases follow MBG/CNBD-k. While a customer is alive, each k-th event of a Poisson process of
rate λ is a purchase; after each purchase, the first included, the customer leaves for good with
probability p; over the customers λ ~ Gamma(r, α) and p ~ Beta(a, b). With ``model="bg"`` (BG/NBD)
nobody leaves at the first purchase. Spend follows the Gamma-Gamma model.

A row stands for a customer, or for ``weights`` customers who are alike: ``x`` purchase days after
the first, the last of them ``t_x`` weeks after the first, seen for ``T`` weeks. Equal rows are
worked out once. Needs numpy and scipy only and can be loaded by its path.

Fader, Hardie, Lee 2005 (BG/NBD, Gamma-Gamma); Batislam, Denizel, Filiztekin 2007 and Wagner,
Hoppe 2008 (leaving at the first purchase); Platzer, Reutterer 2016 (regular purchases, k > 1).
"""

import importlib.util
from collections import namedtuple
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import expit

try:
    from .mathematics import likelihood, numeric, optimum
except ImportError:  # loaded by its path, without its package

    def _beside(name):
        path = Path(__file__).with_name("mathematics") / f"{name}.py"
        spec = importlib.util.spec_from_file_location(f"{__name__}_{name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    likelihood, numeric, optimum = _beside("likelihood"), _beside("numeric"), _beside("optimum")

BadRows = numeric.BadRows

PurchaseParams = namedtuple("PurchaseParams", "r alpha a b")
SpendParams = namedtuple("SpendParams", "p q gamma")

# Limits of the logarithms of r, α, a, b while T is scaled to (0, 1]: beyond all sense, short of overflow.
PURCHASE_LIMITS = np.array([(-9.0, 9.0), (-25.0, 20.0), (-12.0, 9.0), (-9.0, 9.0)])
SPEND_LIMITS = np.array([(-7.0, 9.0), (-7.0, 9.0), (-14.0, 14.0)])
# r, a and b in the middle of many published fits: where a search begins and what weak priors lean on.
TYPICAL = {"r": 0.7, "a": 0.8, "b": 2.0}
# Without a usable Gamma-Gamma, the mean of everybody counts as much as this many own purchases.
SHRINKAGE = 1.0
# With many distinct rows the search begins where that in one row of 64 ends, then in one of 8.
SAMPLES, SMALLEST_SAMPLE = (64, 8), 2_500


def fit_purchases(x, t_x, T, sum_log_gaps=None, weights=None, k=None, prior=None, model="mbg"):
    """Fit the model of purchases by maximum likelihood, or with a prior.

    :param x: number of purchase days after the first one
    :param t_x: weeks from the first to the last purchase; 0 where ``x`` is 0
    :param T: weeks from the first purchase to now
    :param sum_log_gaps: logarithms of the weeks between purchases, summed: one number per row, which
        counts ``weights`` times, or one for all the data. Without it, ``k=None`` means 1.
    :param weights: how many customers each row stands for; 1 by default
    :param k: 1 (any moment), 2 (regular), or ``None`` for the likelier of the two
    :param prior: ``None``; ``True`` for a weak log-normal prior around typical values; a number, its
        standard deviation; or a pair (medians, standard deviations) for r, α, a, b
    :param model: ``"mbg"`` or ``"bg"``
    :rtype: PurchaseModel
    """
    PurchaseModel.check(k or 1, model)
    x, t_x, T = _history(x, t_x, T)
    if not len(x):
        raise ValueError("there are no customers to learn from")
    weights = numeric.counts(weights, len(x))
    gaps = _log_gaps(sum_log_gaps, x, t_x, weights)
    used = np.flatnonzero(weights)
    first, kind = numeric.distinct(x[used], t_x[used], T[used])
    weights, first = np.bincount(kind, weights[used]), used[first]
    # Scaled to (0, 1], so that the unit of time does not matter to the search.
    scale = T[first].max() or 1.0
    known = likelihood.PurchaseLikelihood(x[first], t_x[first] / scale, T[first] / scale, weights, model == "bg")
    if k or gaps is None:
        return _fit_purchases(known, scale, gaps, k or 1, prior)
    fits = [_fit_purchases(known, scale, gaps, each, prior) for each in (1, 2)]
    return max(fits, key=lambda fit: fit.log_likelihood)


def _fit_purchases(known, scale, gaps, k, prior):
    """Return the likeliest model of one k, or the one of the greatest posterior density."""
    rate = (known.purchases + 0.5) / (known.weeks or 1.0)
    typical = np.log([TYPICAL["r"], TYPICAL["r"] / (k * rate), TYPICAL["a"], TYPICAL["b"]])
    middle, precision = _prior(prior, typical, scale)

    def loss(theta, known=known):
        value, slope = known(np.exp(theta), k)
        pull = precision * (theta - middle)
        return (pull @ (theta - middle) / 2 - value) / known.total, (pull - slope) / known.total

    starts = typical + np.array([(0, 0, 0, 0), (1, 1, 0, 0), (-1, -1, -1, -1), (0, 0, 1, -1)])
    for size in [len(known.x) // share for share in SAMPLES if len(known.x) // share >= SMALLEST_SAMPLE]:
        starts[0] = optimum.search(partial(loss, known=known.part(size)), starts[:1], PURCHASE_LIMITS).place
    found = optimum.search(loss, starts, PURCHASE_LIMITS)
    params = np.exp(found.place)
    value = known(params, k)[0] - k * known.purchases * np.log(scale) + (k - 1) * (gaps or 0.0)
    return PurchaseModel(
        params * (1, scale, 1, 1), k, "bg" if known.late else "mbg", float(value), found.converged,
        [PurchaseParams._fields[i] for i in found.at_limit],
    )


def _prior(prior, typical, scale):
    """Return middle and precision of a normal prior of the logarithms of the parameters."""
    if prior is None or prior is False:
        return typical, np.zeros(4)
    if np.ndim(prior) == 0:
        middle, deviations = typical, np.full(4, float(prior))
    else:
        medians, deviations = (np.asarray(part, float) for part in prior)
        if medians.shape != (4,) or deviations.shape != (4,) or not (medians > 0).all():
            raise ValueError(f"a prior is four medians above 0 and four standard deviations, not {prior!r}")
        middle = np.log(medians / (1, scale, 1, 1))
    if not (deviations > 0).all():
        raise ValueError(f"the standard deviations of a prior must be above 0: {prior!r}")
    return middle, deviations**-2.0


def fit_spend(x, mean_spend, weights=None):
    """Fit the Gamma-Gamma model of spend per purchase.

    Rows without purchases or with a mean that is not above 0 say nothing and are left out.

    :param x: how many purchases the mean is taken of
    :param mean_spend: mean value of these purchases
    :rtype: SpendModel
    """
    x, mean = _spend(x, mean_spend)
    weights = numeric.counts(weights, len(x))
    used = (x > 0) & (mean > 0) & (weights > 0)
    if not used.any():
        raise ValueError("there is no customer with a mean spend above 0 to learn from")
    x, mean, weights = x[used], mean[used], weights[used]
    average = np.average(mean, weights=weights)
    known = likelihood.SpendLikelihood(x, mean / average, weights)  # so that the currency does not matter

    def loss(theta):
        value, slope = known(np.exp(theta))
        return -value / known.total, -slope / known.total

    found = optimum.search(loss, np.log([[4.0, 4.0, 1.0], [1.0, 2.0, 1.0]]), SPEND_LIMITS)
    params = np.exp(found.place)
    return SpendModel(
        params * (1, 1, average), average, numeric.rank_correlation(x, mean, weights),
        float(known(params)[0] - known.total * np.log(average)), found.converged,
        [SpendParams._fields[i] for i in found.at_limit],
    )


class PurchaseModel:
    """A fitted model of purchases, or one made from the parameters of an earlier fit."""

    def __init__(self, params, k=1, model="mbg", log_likelihood=None, converged=True, at_limit=()):
        self.check(k, model)
        self.params = PurchaseParams(*_positive(params))
        self.k, self.model, self.log_likelihood = k, model, log_likelihood
        self.converged, self.at_limit = converged, tuple(at_limit)

    @staticmethod
    def check(k, model):
        """Refuse models that there are not."""
        if k not in (1, 2) or model not in ("mbg", "bg"):
            raise ValueError(f"k is 1 or 2 and model 'mbg' or 'bg', not {k!r} and {model!r}")

    @property
    def problems(self):
        """What makes this fit one not to be used: a tuple of words, empty for a sound fit."""
        r, _alpha, a, b = self.params
        found = {
            "not_converged": not self.converged, "at_limit": self.at_limit, "nobody_leaves": a / (a + b) < 0.01,
            "large_r": r > 50, "large_a": a > 50, "large_b": b > 200,
        }
        return tuple(name for name, is_so in found.items() if is_so)

    def probability_alive(self, x, t_x, T):
        """Return the probability that each customer has not left for good."""
        return self._alive(*_history(x, t_x, T))

    def probability_active(self, horizon, x, t_x, T):
        """Return the probability of at least one purchase within ``horizon`` weeks from now."""
        x, t_x, T, horizon = _history(x, t_x, T, horizon)
        return np.clip(-np.expm1(self._log_silence(horizon, x, t_x, T)), 0, 1) * self._alive(x, t_x, T)

    def expected_purchases(self, horizon, x, t_x, T):
        """Return the expected number of purchases within ``horizon`` weeks from now."""
        x, t_x, T, horizon = _history(x, t_x, T, horizon)
        r, alpha, a, b = self.params
        # Given a customer who is alive, t_x only tells how far the hidden event of k = 2 may be.
        first, place = numeric.distinct(x, T, horizon)
        n, age, leaving = r + self.k * x[first], alpha + T[first], b + x[first] + (self.model == "mbg")
        stages = [stage[place] for stage in numeric.purchases_while_alive(n, horizon[first] / age, a, leaving, self.k)]
        if self.k == 1:
            return stages[0] * self._alive(x, t_x, T)
        odds = n[place] * (T - t_x) / age[place]
        return (stages[0] + odds * stages[1]) / (1 + odds) * self._alive(x, t_x, T)

    def discounted_purchases(self, horizon, x, t_x, T, yearly_rate):
        """Return the expected purchases within ``horizon`` weeks, each discounted to now."""
        if not 0 <= yearly_rate < np.inf:
            raise ValueError(f"a discount rate is not below 0: {yearly_rate!r}")
        rate = np.log1p(yearly_rate) / (365.25 / 7)
        horizon = np.asarray(horizon, float)
        result = np.exp(-rate * horizon) * self.expected_purchases(horizon, x, t_x, T)
        if rate:  # by parts: what the purchases of each moment are worth more than those at the end
            for node, weight in zip(*np.polynomial.legendre.leggauss(4), strict=True):
                moment = horizon * (1 + node) / 2
                share = rate * horizon * weight / 2 * np.exp(-rate * moment)
                result = result + share * self.expected_purchases(moment, x, t_x, T)
        return result

    def next_purchase(self, horizon, x, t_x, T, quantile):
        """Return after how many weeks from now the next purchase has come, given that it comes in time.

        :param quantile: probability, 0 to 1, that it has come by then if it comes within ``horizon``
        """
        if not 0 <= quantile <= 1:
            raise ValueError(f"a quantile lies between 0 and 1: {quantile!r}")
        x, t_x, T, horizon = _history(x, t_x, T, horizon)
        with np.errstate(divide="ignore"):  # quantile 1 of a certain purchase: the horizon itself
            target = np.log1p(quantile * np.expm1(self._log_silence(horizon, x, t_x, T)))
        if self.k == 1:
            with np.errstate(over="ignore"):
                weeks = (self.params.alpha + T) * np.expm1(-target / (self.params.r + x))
            return np.clip(weeks, 0, horizon)
        first, kind = numeric.distinct(x, t_x, T, horizon)
        return self._wait(*(column[first] for column in (target, horizon, x, t_x, T)))[kind]

    def _log_odds_alive(self, x, t_x, T):
        r, alpha, a, b = self.params
        n, idle, returning = r + self.k * x, T - t_x, b + x - (self.model == "bg")
        result = -n * np.log1p(idle / (alpha + t_x))
        if self.k == 2:
            result += np.log1p(n * idle / (alpha + T))
        # BG/NBD: nobody has left who was only here once.
        sure = (x == 0) & (self.model == "bg")
        return np.where(sure, np.inf, result + np.log(np.where(sure, 1, returning) / a))

    def _alive(self, x, t_x, T):
        return expit(self._log_odds_alive(x, t_x, T))

    def _log_silence(self, horizon, x, t_x, T):
        """Return the logarithm of the probability of no purchase in the horizon, given alive."""
        n, age = self.params.r + self.k * x, self.params.alpha + T
        result = -n * np.log1p(horizon / age)
        if self.k == 2:
            idle = T - t_x
            result += np.log1p(n * (idle + horizon) / (age + horizon)) - np.log1p(n * idle / age)
        return np.minimum(result, 0)

    def _wait(self, target, horizon, x, t_x, T):
        """Solve ``_log_silence(weeks) = target`` for k = 2: Newton's method, kept between two bounds."""
        n, start = self.params.r + 2 * x, self.params.alpha + t_x
        low, high, weeks = np.zeros_like(horizon), horizon.copy(), horizon / 2
        for _step in range(60):
            error = self._log_silence(weeks, x, t_x, T) - target
            early = error > 0
            low, high = np.where(early, weeks, low), np.where(early, high, weeks)
            age = self.params.alpha + T + weeks
            slope = n / age * (start / (age + n * (age - start)) - 1)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                new = weeks - error / slope
            weeks, before = np.where((new >= low) & (new <= high), new, (low + high) / 2), weeks
            if np.all(np.abs(weeks - before) <= 1e-10 * horizon):
                break
        return weeks


class SpendModel:
    """A fitted Gamma-Gamma model, or one made from the parameters of an earlier fit.

    :param average: mean spend of the customers it was fitted on, which takes over when the
        parameters cannot be used
    :param correlation: rank correlation of number and value of purchases, which the model denies
    """

    def __init__(self, params, average=None, correlation=0.0, log_likelihood=None, converged=True, at_limit=()):
        self.params = SpendParams(*_positive(params))
        self.average, self.correlation, self.log_likelihood = average, correlation, log_likelihood
        self.converged, self.at_limit = converged, tuple(at_limit)

    @property
    def problems(self):
        """What makes this fit one not to be used: a tuple of words, empty for a sound fit."""
        p, q, gamma = self.params
        # With q near 1 the mean of everybody depends on what nobody has spent yet.
        no_mean = q <= 1 or (self.average and not 0.5 < p * gamma / (q - 1) / self.average < 2)
        found = {
            "not_converged": not self.converged, "at_limit": self.at_limit, "no_mean": no_mean,
            "spend_follows_frequency": self.correlation > 0.3,
        }
        return tuple(name for name, is_so in found.items() if is_so)

    def expected_spend(self, x, mean_spend):
        """Return the value expected of the next purchase; a mean below 0 counts as 0.

        It lies between the customer's own mean and that of everybody, which has the weight of some
        purchases: those that the model says, or SHRINKAGE where the model has problems.
        """
        x, mean = _spend(x, mean_spend)
        if self.problems:
            weight, common = SHRINKAGE, self.average
            if common is None:
                raise ValueError(f"parameters with problems and no average: {', '.join(self.problems)}")
        else:
            p, q, gamma = self.params
            weight, common = (q - 1) / p, p * gamma / (q - 1)
        return (x * np.maximum(mean, 0) + weight * common) / (x + weight)


def _positive(params):
    """Return checked parameters."""
    params = [float(value) for value in params]
    if not all(0 < value < np.inf for value in params):
        raise ValueError(f"the parameters must be above 0 and finite, not {params}")
    return params


def _history(x, t_x, T, *horizon):
    """Return the checked columns of purchase histories."""
    names = dict(zip(("x", "t_x", "T", "horizon"), (x, t_x, T, *horizon), strict=False))
    x, t_x, T, *horizon = numeric.columns(**names)
    numeric.refuse((x < 0) | (x != np.floor(x)), "x must be a whole number, 0 or more")
    numeric.refuse((t_x < 0) | (t_x > T), "t_x must lie between 0 and T")
    numeric.refuse((x == 0) & (t_x > 0), "t_x must be 0 where x is 0")
    for weeks in horizon:
        numeric.refuse(weeks < 0, "the horizon must not be below 0")
    return x, t_x, T, *horizon


def _spend(x, mean_spend):
    """Return the checked columns of spend."""
    x, mean = numeric.columns(x=x, mean_spend=mean_spend)
    numeric.refuse((x < 0) | (x != np.floor(x)), "x must be a whole number, 0 or more")
    return x, mean


def _log_gaps(sums, x, t_x, weights):
    """Return the sum of the logarithms of all gaps, or None.

    Gaps of a given sum have the greatest sum of logarithms when they are equal: more than that
    comes from gaps in days beside a t_x in weeks, and would make any customers look regular.
    """
    if sums is None:
        return None
    known = (x > 0) & (t_x > 0)
    most = np.zeros(len(x))
    most[known] = x[known] * np.log(t_x[known] / x[known])
    if np.ndim(sums) == 0:
        total, bound = float(sums), float(weights @ most)
        if not (np.isfinite(total) and total <= bound + 1e-6 * (1 + abs(bound))):
            raise ValueError(f"sum_log_gaps is {total}, but gaps in weeks within these t_x give {bound} at most")
        return total
    sums = np.where(x > 0, np.asarray(sums, dtype=float), 0.0)  # without gaps, SQL has no sum
    numeric.refuse(~np.isfinite(sums), "sum_log_gaps must be a finite number where x is above 0")
    too_much = known & (sums > most + 1e-6 * (1 + np.abs(most)))
    numeric.refuse(too_much, "sum_log_gaps is above that of equal gaps in weeks")
    return float(weights @ sums)
