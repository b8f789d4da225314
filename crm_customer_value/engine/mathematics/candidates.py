"""The candidates for forecasting a company's customers, all asked in the same way. Needs numpy and scipy only.

``model``, ``prior`` and ``rates`` are models of purchases (:func:`guards.fit_all`). ``rule`` is the plain rule
with silence: everybody goes on at their average rate, as far as they are not late. ``rhythm`` serves customers
who buy at nearly constant distances. A candidate is a dict that JSON keeps, so that a later run can ask it too.

**Every candidate falls with silence:** of two customers with the same purchases, the one whose last purchase
lies farther back never has the higher forecast or the lower risk.
"""

from typing import NamedTuple

import numpy as np

from .. import clv
from . import backtest, guards, numeric

# Candidates for everybody, in the order in which equal ones are preferred.
NAMES = ("model", "prior", "rates", "rule")
# Of the company's customers who seem steady, so many are needed to judge whether they are better told by it.
LEAST_STEADY = 10
# One purchase at everybody's rate is added to those of each customer; and one in a year to those of everybody.
PRIOR_PURCHASES = 1.0
PRIOR_WEEKS = 52.0
# What is asked at most of how many weeks the next purchase is away: four of five fall between the ends.
QUANTILES = (0.1, 0.5, 0.9)
WEEKS_A_YEAR = 365.25 / 7


class Histories(NamedTuple):
    """Customers to forecast: one a row, or ``weights`` of them who are alike; see ``clv``."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    #: lateness share at the end of T
    late: np.ndarray

    def part(self, rows):
        """Return some rows."""
        return Histories(*(column[rows] for column in self))


class Forecast(NamedTuple):
    """What is expected of each customer; weeks to the next purchase are NaN where they cannot be told."""

    alive: np.ndarray
    active: np.ndarray
    purchases: np.ndarray
    discounted: np.ndarray
    #: at QUANTILES
    next_weeks: tuple


def fit(x, t_x, T, sum_log_gaps=None, weights=None, kinds=None):
    """Return ({name: candidate}, :class:`guards.Fits`) for these customers; there always is the plain rule.

    The parameters are those of :func:`guards.fit_all`.
    """
    fits = guards.fit_all(x, t_x, T, sum_log_gaps, weights, kinds)
    found = {
        name: {
            "method": method, "k": model.k, "params": list(model.params), "log_likelihood": model.log_likelihood,
            "factor": 1.0,
        }
        for name, (model, method) in fits.models.items()
    }
    weights = numeric.counts(weights, len(x)) if len(x) else np.zeros(0)
    rate = (weights @ x + 1) / (weights @ T + PRIOR_WEEKS)
    return {**found, "rule": {"method": "rule", "rate": float(rate), "factor": 1.0}}, fits


def forecast(candidate, horizon, customers, discount_rate=0.0):
    """Return the :class:`Forecast` of customers by a candidate.

    :param dict candidate: of :func:`fit`, or ``{"method": "rhythm"}``
    :param float horizon: weeks
    :param float discount_rate: per year, 0.1 for 10 %
    """
    by = {"rule": _by_rule, "rhythm": _by_rhythm}.get(candidate["method"], _by_model)
    found = by(candidate, horizon, customers, discount_rate)
    factor = candidate.get("factor", 1.0)
    purchases = factor * found.purchases
    # Nobody is more likely to buy than purchases are expected, also where these were scaled down.
    return found._replace(
        purchases=purchases, discounted=factor * found.discounted, active=np.minimum(found.active, purchases),
    )


def _by_model(candidate, horizon, customers, discount_rate):
    """Return what a model of purchases says, held to falling with silence.

    With k = 2 a customer who has been silent for a while is nearer to the next purchase, and more is expected
    of them than of one who bought just now. Nobody's forecast is higher than that one's.
    """
    model = clv.PurchaseModel(candidate["params"], candidate["k"])
    history = customers.x, customers.t_x, customers.T
    asked = [
        (model.probability_active, (horizon,), ()), (model.expected_purchases, (horizon,), ()),
        (model.discounted_purchases, (horizon,), (discount_rate,)),
    ]
    active, purchases, discounted = (call(*before, *history, *after) for call, before, after in asked)
    if model.k == 2:
        # Who bought once and just now is seen for no time at all.
        just_now = np.where(customers.x > 0, customers.T, 0)
        bounds = [call(*before, customers.x, just_now, just_now, *after) for call, before, after in asked]
        active, purchases, discounted = map(np.minimum, (active, purchases, discounted), bounds)
    return Forecast(
        model.probability_alive(*history), active, purchases, discounted,
        tuple(model.next_purchase(horizon, *history, quantile) for quantile in QUANTILES),
    )


def _by_rule(candidate, horizon, customers, discount_rate):
    """Return what the plain rule says: the average rate goes on, in the share of customers that is not late.

    A customer's rate counts one purchase more, at everybody's rate: so who bought once is expected to do as
    others do, and nobody's rate is without bounds. That makes it a Gamma distribution, which leaves it the wider
    the fewer purchases there are. When the next purchase comes is told of who bought twice.
    """
    x, _t_x, T, late = customers
    purchases, weeks = x + PRIOR_PURCHASES, T + PRIOR_PURCHASES / candidate["rate"]
    rate, alive = purchases / weeks, 1 - late
    any_purchase = -np.expm1(-purchases * np.log1p(horizon / weeks))
    known = np.where(x > 0, 1.0, np.nan)
    return Forecast(
        alive, alive * any_purchase, alive * rate * horizon, alive * rate * _discounted(horizon, discount_rate),
        tuple(
            known * weeks * np.expm1(-np.log1p(-quantile * any_purchase) / purchases) for quantile in QUANTILES
        ),
    )


def _by_rhythm(_candidate, horizon, customers, discount_rate):
    """Return what the own period of steady customers says."""
    history = customers.x, customers.t_x, customers.T
    due, purchases, at_risk = guards.steady_outlook(horizon, *history)
    stays = 1 - guards.steady_risk(*history)
    earliest, latest = guards.steady_range(*history)
    return Forecast(
        stays, stays, purchases, purchases / horizon * _discounted(horizon, discount_rate),
        tuple(np.where(at_risk, np.nan, weeks) for weeks in (earliest, due, latest)),
    )


def _discounted(horizon, yearly_rate):
    """Return what one unit a week is worth over the horizon, each discounted to now."""
    rate = np.log1p(yearly_rate) / WEEKS_A_YEAR
    return -np.expm1(-rate * horizon) / rate if rate else horizon


def judge(found, customers, later, horizon, weights=None):
    """Return {name: :class:`backtest.Verdict`} of candidates, on the same customers and weeks.

    :param dict found: {name: candidate}
    :param later: purchases of each customer within the ``horizon`` weeks that followed
    """
    verdicts = {}
    for name, candidate in found.items():
        expected = forecast(candidate, horizon, customers)
        verdicts[name] = backtest.judge(
            expected.purchases, later, expected.active, customers.x, customers.T, horizon, weights=weights,
        )
    return verdicts


def mixed(forecasts, weights):
    """Return the weighted mean of forecasts; the next purchase is what the first one says.

    :param forecasts: of the same customers
    :param weights: their shares, which add up to 1
    """
    columns = zip(*(one[:4] for one in forecasts), strict=True)
    return Forecast(
        *(sum(weight * part for weight, part in zip(weights, column, strict=True)) for column in columns),
        forecasts[0].next_weeks,
    )
