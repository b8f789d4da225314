"""When to trust a prediction, and what to do instead: pure mathematics around ``clv``.

Needs numpy and scipy only. Thresholds are those of the measurements behind this addon: below
them, random samples of real customers gave degenerate fits too often.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from .. import clv
from . import numeric

# Customers, customers who bought again, days of history.
LEAST = (30, 10, 90)
ENOUGH = (200, 50)
MUCH = (500, 180)
# Gaps whose standard deviation is below this share of their mean look like a contract.
STEADY = 0.3
# A steady customer is at risk once so many of its own periods have passed without a purchase.
LATE = 1.5
# Some customers look steady by chance. They are believed where so many times more do.
BEYOND_CHANCE = 4
# Fewer gaps than this say nothing about how steady they are.
LEAST_GAPS = 3
# Its risk of loss then; the chance that it comes back halves with every half period more.
LATE_RISK = 0.65
# Who bought on more than every other day, over that many days, is rather a till than a customer.
WALK_IN = (0.5, 100)
# More than one, and than this share, are no exception, but the company's kind of trade.
FEW = 0.01
# Four weeks with so many times the purchases of an average week are a strong season.
PEAK = 1.5
# Candidates that are fitted, and the methods and options that are tried for each.
MODELS = {
    "model": (("likelihood", {}), ("likelihood_k2", {"k": 2})),
    "prior": (("prior", {"prior": True}),),
}
# What a search for the best parameters may end with instead of an answer.
FIT_ERRORS = (ValueError, ArithmeticError, np.linalg.LinAlgError)


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


class Fits(NamedTuple):
    """The sound models of a data set, what was wrong with the others, and how much the data can tell."""

    #: {candidate: (model, method it was found by)}, the one that needs most evidence first
    models: dict
    #: [(method, problems, k)] in the order in which they were tried
    rejected: list
    evidence: Evidence


def evidence(x, T, weights=None):
    """Return how much these customers can tell; ``T`` in weeks, as in ``clv``."""
    x, T = numeric.columns(x=x, T=T)
    if not len(x):
        return Evidence(0.0, 0.0, 0.0)
    weights = numeric.counts(weights, len(x))
    return Evidence(float(weights.sum()), float(weights[x > 0].sum()), float(T[weights > 0].max() * 7))


def walk_ins(x, T, weights=None):
    """Tell which rows are tills rather than customers: they are predicted, but not learned from.

    One account with all the purchases of a shop moves the parameters of thousands of customers.
    """
    x, T = numeric.columns(x=x, T=T)
    share, least = WALK_IN
    found = (x >= least) & (x > share * 7 * T)
    weights = numeric.counts(weights, len(x)) if len(x) else x
    return found if weights @ found <= max(1, FEW * weights.sum()) else np.zeros(len(x), bool)


def fit_all(x, t_x, T, sum_log_gaps=None, weights=None, kinds=None):
    """Fit every model of purchases that the data can bear.

    ``model`` is the likeliest one, by the method ``likelihood`` (k by likelihood) or, where that is degenerate,
    ``likelihood_k2``; it takes enough evidence. ``prior`` leans on typical values, and ``rates`` takes only the
    average rate from the data. There is none of them where the evidence is too little to predict from.

    :param dict kinds: {candidate: k}, for those whose k is known; by likelihood otherwise
    :rtype: Fits
    """
    facts = evidence(x, T, weights)
    fits = Fits({}, [], facts)
    if facts.level == "none":
        return fits
    for name, methods in MODELS.items():
        if name == "model" and facts.level != "enough":
            continue
        for method, options in methods:
            if method == "likelihood_k2" and fits.rejected[0][2] == 2:
                continue  # k = 2 was the likelier one
            try:
                known = {"k": (kinds or {}).get(name), **options}
                fit = clv.fit_purchases(x, t_x, T, sum_log_gaps, weights, **known)
            except FIT_ERRORS as error:
                fits.rejected.append((method, (f"failed: {error}",), None))
                continue
            if not fit.problems:
                fits.models[name] = fit, method
                break
            fits.rejected.append((method, fit.problems, fit.k))
    fits.models["rates"] = shrunken_rates(x, t_x, T, weights), "shrunken_rates"
    return fits


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
    judged = (x >= LEAST_GAPS) & (t_x > 0)
    count, mean = np.where(judged, x, 2), np.where(judged, t_x / np.maximum(x, 1), 1)
    variance = np.maximum(squares - count * mean**2, 0) / (count - 1)
    return judged & (np.sqrt(variance) < STEADY * mean)


def steady_outlook(horizon, x, t_x, T):
    """Return (weeks until the next purchase is due, purchases within the horizon, at risk) of steady customers.

    One purchase a period is expected of who stays (:func:`steady_risk`). The dates on which purchases fall due
    are not counted: the nearer the next one, the more of them lie within the horizon, so that a customer would
    be worth more with every day of silence. Who is late, but not yet at risk, is due now.
    """
    x, t_x, T, horizon = numeric.columns(x=x, t_x=t_x, T=T, horizon=horizon)
    numeric.refuse((x <= 0) | (t_x <= 0), "a customer without gaps has no period")
    period, idle = t_x / x, T - t_x
    purchases = horizon / period * (1 - steady_risk(x, t_x, T))
    return np.maximum(period - idle, 0), purchases, idle * x / t_x >= LATE


def steady_chance(gaps):
    """Return the probability that so many gaps look steady though purchases come at random.

    Given their sum, random gaps are a point anywhere on a simplex; steady ones lie in a ball about
    its middle, which up to 13 gaps lies within the simplex. Beyond, the quotient of the volumes is
    an upper bound of next to nothing.
    """
    (gaps,) = numeric.columns(gaps=gaps)
    numeric.refuse(gaps < LEAST_GAPS, f"fewer than {LEAST_GAPS} gaps say nothing")
    sides = gaps - 1
    radius = STEADY * np.sqrt(sides) / gaps
    ball = sides / 2 * np.log(np.pi) + sides * np.log(radius) - gammaln(sides / 2 + 1)
    simplex = np.log(gaps) / 2 - gammaln(gaps)
    return np.exp(np.minimum(ball - simplex, 0))


def steady_from(gaps, customers, steady_customers):
    """Return from how many gaps on customers who look steady are believed to be so.

    Where random buyers explain the number, the model predicts them better than their period does.

    :param gaps: numbers of gaps, each once
    :param customers: how many customers have so many, steady_customers: and look steady
    """
    gaps, customers, found = numeric.columns(gaps=gaps, customers=customers, steady_customers=steady_customers)
    if not len(gaps):
        return LEAST_GAPS
    doubtful = (found > 0) & (found < BEYOND_CHANCE * customers * steady_chance(gaps))
    return int(gaps[doubtful].max()) + 1 if doubtful.any() else LEAST_GAPS


def steady_risk(x, t_x, T):
    """Return the risk of loss of steady customers, by how late they are by their own period.

    Until a period has passed it is that of any purchase having been the last one, when none of ``x``
    was so far. It reaches what counts as high when they are at risk.
    """
    x, t_x, T = numeric.columns(x=x, t_x=t_x, T=T)
    late = (T - t_x) * x / t_x
    stays = (1 - LATE_RISK) * 0.5 ** ((np.maximum(late, LATE) - LATE) / (LATE - 1))
    risk = np.where(late < LATE, np.interp(late, (1, LATE), (0, LATE_RISK)), 1 - stays)
    return np.maximum(risk, 1 / (x + 2))


def steady_range(x, t_x, T):
    """Return (earliest, latest) weeks until the next purchase of steady customers.

    The latest is when they are at risk.
    """
    x, t_x, T = numeric.columns(x=x, t_x=t_x, T=T)
    period, idle = t_x / x, T - t_x
    return np.maximum((1 - STEADY) * period - idle, 0), np.maximum(LATE * period - idle, 0)


class Season(NamedTuple):
    """How uneven a year is: four weeks, less what may be chance, over the mean of four weeks."""

    strongest: float
    now: float

    @property
    def warnings(self):
        """``strong_season``, and ``after_peak`` when a forecast would take the peak for the rule."""
        found = {"strong_season": self.strongest > PEAK, "after_peak": self.now > PEAK}
        return tuple(name for name, is_so in found.items() if is_so)


def season(weekly):
    """Return the Season of the last 52 weeks; None for less than a year or no purchases.

    Of every four weeks three standard deviations are taken off, as that much may be chance: a few
    purchases a week have a peak somewhere.

    :param weekly: purchases per week, the last week last
    """
    (weekly,) = numeric.columns(weekly=weekly)
    year = weekly[-52:]
    if len(year) < 52 or year.mean() <= 0:
        return None
    four = np.convolve(year, np.ones(4), "valid")
    four = np.maximum(four - 3 * np.sqrt(four), 0) / (4 * year.mean())
    return Season(float(four.max()), float(four[-1]))
