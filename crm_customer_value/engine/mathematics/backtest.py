"""How good predictions were: grades on a hold-out period. Needs numpy and scipy only."""

from typing import NamedTuple

import numpy as np

from . import numeric

# A prediction whose total is off by more than this is scaled to this before it is judged. Scaling it all the way
# would follow the chance of one test: in random companies of 60 customers of CDNOW that made the errors of the 26
# weeks after larger, and everybody's forecast would jump in the week in which a limit is passed.
TOLERANCE = (0.7, 1.4)


class Grade(NamedTuple):
    """Errors of a prediction; ``None`` where there was nothing to measure it by."""

    customers: float
    mae: float
    rmse: float
    #: predicted total ÷ actual total
    ratio: float | None
    #: share of the actual value that the best tenth of customers by predicted value brought
    top_decile_share: float | None
    #: area under that curve, from 0 (random order) to 1 (the order of the actual values)
    gini: float | None
    #: mean square error of the probability of any purchase
    brier: float | None
    #: probability that a customer who bought was given a higher probability than one who did not
    auc: float | None


class Verdict(NamedTuple):
    """What a back-test says of a prediction, and by what to multiply it."""

    factor: float
    #: errors of the (scaled) model ÷ errors of the plain rule, geometric mean
    relative_error: float
    grade: Grade
    rule: Grade


def grade(predicted, actual, probability=None, predicted_value=None, actual_value=None, weights=None):
    """Grade predictions of customers against what they did.

    :param predicted: expected purchases in the hold-out period
    :param actual: purchases in it
    :param probability: predicted probability of at least one purchase
    :param predicted_value: expected money, by which customers are ranked; ``predicted`` by default
    :param actual_value: money they brought; ``actual`` by default
    :param weights: how many customers each row stands for
    :rtype: Grade
    """
    predicted, actual, value, brought = numeric.columns(
        predicted=predicted, actual=actual,
        predicted_value=predicted if predicted_value is None else predicted_value,
        actual_value=actual if actual_value is None else actual_value,
    )
    if not len(predicted):
        raise ValueError("there are no predictions to grade")
    numeric.refuse(actual < 0, "actual purchases must not be below 0")
    weights = numeric.counts(weights, len(predicted))
    total = weights.sum()
    error, sold = predicted - actual, weights @ actual
    brier = auc = None
    if probability is not None:
        (probability,) = numeric.columns(probability=np.broadcast_to(probability, len(predicted)))
        numeric.refuse((probability < 0) | (probability > 1), "a probability must lie between 0 and 1")
        brier = float(weights @ (probability - (actual > 0)) ** 2 / total)
        auc = _auc(probability, actual > 0, weights)
    top, area = _concentration(value, brought, weights)
    return Grade(
        float(total), float(weights @ np.abs(error) / total), float(np.sqrt(weights @ error**2 / total)),
        float(weights @ predicted / sold) if sold else None, top, area, brier, auc,
    )


def average_rate(x, T, horizon):
    """Return what the plain rule predicts, that everybody goes on as before: purchases and probability of any."""
    x, T = numeric.columns(x=x, T=T)
    purchases = np.divide(x * horizon, T, out=np.zeros(len(x)), where=T > 0)
    return purchases, -np.expm1(-purchases)


def judge(predicted, actual, probability, x, T, horizon, weights=None, **values):
    """Compare a prediction with the plain rule; scale it first when its total is too far off.

    One number says how good a prediction is: its three errors (MAE, RMSE, Brier) over those of the rule that
    everybody goes on as before, as their geometric mean. Predictions of the same customers compare by it: what
    they are measured by is the same, and no error counts more because its numbers are larger.

    :param values: ``predicted_value`` and ``actual_value``, as for :func:`grade`
    :rtype: Verdict
    """
    result = grade(predicted, actual, probability, weights=weights, **values)
    factor = 1.0
    if result.ratio and not TOLERANCE[0] <= result.ratio <= TOLERANCE[1]:
        factor = float(np.clip(result.ratio, *TOLERANCE)) / result.ratio
        predicted = np.asarray(predicted, float) * factor
        result = grade(predicted, actual, probability, weights=weights, **values)
    purchases, any_purchase = average_rate(x, T, horizon)
    rule = grade(purchases, actual, any_purchase, weights=weights)
    # So little is added that only the quotient of two errors of nothing changes: to 1.
    quotients = [(getattr(result, name) + 1e-9) / (getattr(rule, name) + 1e-9) for name in ("mae", "rmse", "brier")]
    relative = float(np.exp(np.mean(np.log(quotients))))
    return Verdict(factor, relative, result, rule)


def _auc(probability, bought, weights):
    """Return the area under the ROC curve; equal probabilities count half."""
    buyers, others = weights @ bought, weights @ ~bought
    if not buyers or not others:
        return None
    # Ranks about their mean: 0 for the buyers' mean rank says that they stand where chance puts them.
    ranks = numeric.ranks(probability, weights)
    return float(0.5 + (weights * bought) @ ranks / (buyers * others))


def _concentration(predicted, actual, weights):
    """Return the top decile's share and the Gini coefficient, relative to the best order."""
    if weights @ actual <= 0:
        return None, None
    top, area = _curve(predicted, actual, weights)
    best = _curve(actual, actual, weights)[1]
    return top, area / best if best > 0 else None


def _curve(by, actual, weights):
    """Return (share of the first tenth, area between the curve and chance), customers sorted by ``by``.

    Customers who are predicted equal stand in no order: the curve is straight between them.
    """
    _kinds, place = np.unique(-by, return_inverse=True)
    customers = np.concatenate([[0], np.cumsum(np.bincount(place, weights))]) / weights.sum()
    brought = np.concatenate([[0], np.cumsum(np.bincount(place, weights * actual))]) / (weights @ actual)
    area = np.sum(np.diff(customers) * (brought[1:] + brought[:-1])) - 1
    return float(np.interp(0.1, customers, brought)), float(area)
