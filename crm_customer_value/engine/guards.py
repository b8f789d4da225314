"""When to trust a prediction, and what to do instead: pure mathematics around ``clv``.

Needs numpy and scipy only. Thresholds are those of the measurements behind this addon: below
them, random samples of real customers gave degenerate fits too often.
"""

from typing import NamedTuple

import numpy as np

from . import clv, numeric

# Customers, customers who bought again, days of history.
LEAST = (30, 10, 90)
ENOUGH = (200, 50)
MUCH = (500, 180)
# Gaps whose standard deviation is below this share of their mean look like a contract.
STEADY = 0.3
# A steady customer is at risk after so many of its own periods without a purchase.
LATE = 1.5
# Four weeks with so many times the purchases of an average week are a strong season.
PEAK = 1.5


class Evidence(NamedTuple):
    """How much a data set can tell."""

    customers: float
    repeat_buyers: float
    days: float

    @property
    def level(self):
        """``none`` (no prediction), ``weak`` (only with priors), or ``enough``."""
        if any(value < least for value, least in zip(self, LEAST, strict=True)):
            return "none"
        return "enough" if all(value >= least for value, least in zip(self[:2], ENOUGH, strict=True)) else "weak"

    def confidence(self, passed):
        """Return ``high`` or ``low``; ``passed`` tells whether a back-test was passed."""
        much = self.customers >= MUCH[0] and self.days >= MUCH[1]
        return "high" if passed and much and self.level == "enough" else "low"


class Guarded(NamedTuple):
    """A model fit to be used, how it was found, and what was wrong with those before it."""

    model: clv.PurchaseModel | None
    method: str
    rejected: tuple
    evidence: Evidence


def evidence(x, T, weights=None):
    """Return how much these customers can tell; ``T`` in weeks, as in ``clv``."""
    x, T = numeric.columns(x=x, T=T)
    if not len(x):
        return Evidence(0.0, 0.0, 0.0)
    weights = numeric.counts(weights, len(x))
    return Evidence(float(weights.sum()), float(weights[x > 0].sum()), float(T[weights > 0].max() * 7))


def fit_guarded(x, t_x, T, sum_log_gaps=None, weights=None):
    """Fit the model of purchases by the best method that the data can bear.

    Methods, in this order: ``likelihood`` (k by likelihood), ``likelihood_k2``, ``prior``, ``shrunken_rates``;
    ``none`` when there is too little to predict from. With weak evidence the first is ``prior``.

    :rtype: Guarded
    """
    facts = evidence(x, T, weights)
    if facts.level == "none":
        return Guarded(None, "none", (), facts)
    rejected = []
    for method, options in (("likelihood", {}), ("likelihood_k2", {"k": 2}), ("prior", {"prior": True})):
        if method != "prior" and facts.level == "weak":
            continue
        if method == "likelihood_k2" and rejected[0][2] == 2:
            continue  # k = 2 was the likelier one
        fit = clv.fit_purchases(x, t_x, T, sum_log_gaps, weights, **options)
        if not fit.problems:
            return Guarded(fit, method, tuple(rejected), facts)
        rejected.append((method, fit.problems, fit.k))
    return Guarded(shrunken_rates(x, t_x, T, weights), "shrunken_rates", tuple(rejected), facts)


def shrunken_rates(x, t_x, T, weights=None):
    """Return a model that only takes the average rate from the data.

    Its other parameters are typical ones. So every customer has a rate of their own, drawn towards
    that of all, and is thought gone when silent for long by the measure of their own cadence.
    """
    x, _t_x, T = numeric.columns(x=x, t_x=t_x, T=T)
    weights = numeric.counts(weights, len(x))
    rate = (weights @ x + 0.5) / (weights @ T or 1.0)
    typical = clv.TYPICAL
    return clv.PurchaseModel((typical["r"], typical["r"] / rate, typical["a"], typical["b"]))


def steady(x, t_x, sum_square_gaps):
    """Tell which customers buy at nearly constant distances, as under a contract.

    :param sum_square_gaps: sum of the squares of the weeks between purchases
    :return: a mask; false for customers with fewer than three gaps
    """
    x, t_x, squares = numeric.columns(x=x, t_x=t_x, sum_square_gaps=sum_square_gaps)
    judged = (x >= 3) & (t_x > 0)
    count, mean = np.where(judged, x, 2), np.where(judged, t_x / np.maximum(x, 1), 1)
    variance = np.maximum(squares - count * mean**2, 0) / (count - 1)
    return judged & (np.sqrt(variance) < STEADY * mean)


def steady_outlook(horizon, x, t_x, T):
    """Return (weeks until the next purchase is due, purchases due within the horizon, at risk) of steady customers.

    Who is late, but not yet at risk, is due now; nothing is expected of those at risk.
    """
    x, t_x, T, horizon = numeric.columns(x=x, t_x=t_x, T=T, horizon=horizon)
    numeric.refuse((x <= 0) | (t_x <= 0), "a customer without gaps has no period")
    period, idle = t_x / x, T - t_x
    at_risk = idle > LATE * period
    due = np.maximum(period - idle, 0)
    purchases = np.where(due <= horizon, 1 + np.floor((horizon - due) / period), 0)
    return due, np.where(at_risk, 0, purchases), at_risk


class Season(NamedTuple):
    """How uneven a year is: means of four weeks over the mean of the year."""

    strongest: float
    now: float

    @property
    def warnings(self):
        """``strong_season``, and ``after_peak`` when a forecast would take the peak for the rule."""
        found = {"strong_season": self.strongest > PEAK, "after_peak": self.now > PEAK}
        return tuple(name for name, is_so in found.items() if is_so)


def season(weekly):
    """Return the Season of the last 52 weeks; None for less than a year or no purchases.

    :param weekly: purchases per week, the last week last
    """
    (weekly,) = numeric.columns(weekly=weekly)
    year = weekly[-52:]
    if len(year) < 52 or year.mean() <= 0:
        return None
    four = np.convolve(year, np.full(4, 0.25), "valid") / year.mean()
    return Season(float(four.max()), float(four[-1]))
