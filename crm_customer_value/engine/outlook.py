"""Learning what customers will do: the model of ``clv`` from the working table.

Sufficient statistics come out of the working table by ``GROUP BY``, as of the anchor
(:attr:`facts.FactScope.anchor`); only distinct rows reach Python. What is learned is applied in
:mod:`predictions`.
"""

from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from . import backtest, clv, doubts, guards, measures, transfer

# Predictions look 12 months ahead: forecasts over shorter times suffer most from seasons.
HORIZON_WEEKS = 52.0
# The parameters of a fit serve as "last good" for so long.
LAST_GOOD_WEEKS = 8
# Methods of fits that were good.
GOOD_METHODS = ("likelihood", "likelihood_k2", "prior")


def _statistics(cr, table, days, last, until):
    """Return (x, t_x, T, weights, later purchases, log gaps) of the customers to learn from, in weeks.

    :param str days: column with purchase days, last: column with the last one
    :param date until: the day the statistics are taken at
    """
    x, t_x, age, weights, later, log_gaps = transfer.fetch(cr, SQL(
        """SELECT %(days)s - 1, %(last)s - first_purchase_date, %(until)s::date - first_purchase_date,
                  COUNT(*), fit_days - %(days)s, SUM(COALESCE(fit_log_gaps, 0))
             FROM %(table)s WHERE %(days)s > 0 AND first_purchase_date >= %(first)s
            GROUP BY 1, 2, 3, 5 ORDER BY 1, 2, 3, 5""",
        days=SQL.identifier(days), last=SQL.identifier(last), until=until, table=SQL.identifier(table),
        first=doubts.FIRST_DAY,
    ), ("i4", "i4", "i4", "i8", "i4", "f8"))
    return x.astype(float), t_x / 7, age / 7, weights.astype(float), later.astype(float), log_gaps


def fit(cr, table, scope, basis, last_good=None):
    """Learn from a complete working table; return a dict that JSON keeps.

    The dict holds what :mod:`predictions` needs, and what an administrator wants to know:
    ``method`` (how the model was found, ``none`` without one), ``confidence``, ``grade`` of the
    back-test and of the plain rule it is measured by, how many customers it was learned from,
    ``warnings`` (words) and ``doubts`` (numbers).

    :param FactScope scope: of the run, all customers
    :param str basis: what a purchase is worth: 'margin' or 'revenue'
    :param dict last_good: what this function returned earlier, should today's fits fail
    """
    x, t_x, age, weights, _later, log_gaps = _statistics(cr, table, "fit_days", "fit_last", scope.anchor)
    tills = guards.walk_ins(x, age, weights)
    doubtful = doubts.customers(cr, table)
    if tills.any():
        doubtful["walk_in"] = int(weights @ tills)
    kept = ~tills
    earlier = last_good and clv.PurchaseModel(last_good["params"], last_good["k"])
    guarded = guards.fit_guarded(x[kept], t_x[kept], age[kept], log_gaps[kept].sum(), weights[kept], earlier)
    weekly, later = doubts.weekly_purchases(cr, scope)
    if later:
        doubtful["later"] = later
    outlook = {
        "anchor": scope.anchor.isoformat(),
        "basis": basis,
        "method": guarded.method,
        "rejected": [[method, list(problems)] for method, problems, _k in guarded.rejected],
        "customers": int(guarded.evidence.customers),
        "repeat_buyers": int(guarded.evidence.repeat_buyers),
        "days": int(guarded.evidence.days),
        "warnings": [],
        "doubts": doubtful,
    }
    if guarded.model is None:
        return outlook
    outlook["warnings"] = _warnings(outlook["days"], weekly)
    outlook["spend"] = _fit_spend(cr, table, basis, last_good)
    outlook["steady_gaps"] = _steady_gaps(cr, table)
    if guarded.method == "last_good":
        judged = {name: last_good[name] for name in ("factor", "grade", "rule") if name in last_good}
        judged["learned"] = last_good["anchor"]
        passed = False
    else:
        verdict = _back_test(cr, table, scope)
        passed = verdict is not None and verdict.passed
        judged = {"factor": verdict.factor, **_grades(verdict)} if verdict else {"factor": 1.0}
        if verdict and not passed:
            # A model that loses to the plain rule is not shown.
            return {**outlook, "method": "none", "lost": True, "confidence": "low", **judged}
    model, long_enough = guarded.model, "short_history" not in outlook["warnings"]
    return {
        **outlook,
        **judged,
        "k": model.k,
        "params": list(model.params),
        "log_likelihood": model.log_likelihood,
        "confidence": guarded.evidence.confidence(passed and long_enough),
    }


def _warnings(days, weekly):
    """Return words for what makes a year's forecast from this history uncertain."""
    if days < 7 * HORIZON_WEEKS:
        return ["short_history"]
    season = guards.season(weekly)
    return list(season.warnings) if season else []


def _steady_gaps(cr, table):
    """Return from how many gaps on customers of a working table who look steady are taken for it."""
    cr.execute(SQL(
        """SELECT fit_days - 1, COUNT(*), COUNT(*) FILTER (WHERE %s)
             FROM %s w WHERE fit_days > %s GROUP BY 1""",
        steady_sql(guards.LEAST_GAPS), SQL.identifier(table), guards.LEAST_GAPS,
    ))
    return guards.steady_from(*np.array(cr.fetchall(), float).reshape(-1, 3).T)


def steady_sql(least):
    """Return the SQL of :func:`guards.steady` over a working row ``w``, as of the anchor."""
    return SQL(
        """(w.fit_days > %(least)s AND w.fit_last > w.first_purchase_date
            AND w.fit_square_gaps - (w.fit_last - w.first_purchase_date)::float8 ^ 2 / (w.fit_days - 1)
                < (w.fit_days - 2) * (%(steady)s * (w.fit_last - w.first_purchase_date) / (w.fit_days - 1)) ^ 2)
           IS TRUE""",
        least=least, steady=guards.STEADY,
    )


def _grades(verdict):
    """Return the errors of the model and of the plain rule as plain numbers."""
    return {
        name: {key: None if value is None else round(float(value), 4) for key, value in grade._asdict().items()}
        for name, grade in (("grade", verdict.grade), ("rule", verdict.rule))
    }


def _back_test(cr, table, scope):
    """Return the verdict on a model that did not see the last weeks, or None without the history."""
    cut = scope.anchor - timedelta(weeks=measures.HOLDOUT_WEEKS)
    x, t_x, age, weights, later, _gaps = _statistics(cr, table, "cut_days", "cut_last", cut)
    kept = ~guards.walk_ins(x, age, weights)
    x, t_x, age, weights, later = (column[kept] for column in (x, t_x, age, weights, later))
    guarded = guards.fit_guarded(x, t_x, age, None, weights)
    if guarded.model is None:
        return None
    horizon = float(measures.HOLDOUT_WEEKS)
    return backtest.judge(
        guarded.model.expected_purchases(horizon, x, t_x, age), later,
        guarded.model.probability_active(horizon, x, t_x, age), x, age, horizon, weights=weights,
    )


def _fit_spend(cr, table, basis, last_good):
    """Return how the value of a purchase is expected, as two numbers and what was wrong.

    The expectation is a weighted mean of one's own and everybody's: ``common`` is the latter and
    ``weight`` how many own purchases it counts as. It is learned from all purchases of who bought
    again. Leaving out their first ones takes another column and predicts the values of customers no
    better: CDNOW, 39 weeks held back, mean absolute error 31.54 either way, top decile .525.
    """
    cr.execute(SQL(
        """SELECT fit_days, (%(value)s / fit_days)::float8, COUNT(*)
             FROM %(table)s WHERE fit_days > 1 AND %(value)s > 0 GROUP BY 1, 2 ORDER BY 1, 2""",
        value=SQL.identifier(f"fit_{basis}"), table=SQL.identifier(table),
    ))
    rows = np.array(cr.fetchall(), float).reshape(-1, 3)
    cr.execute(SQL(
        """SELECT (GREATEST(SUM(%(value)s), 0) / SUM(fit_days) FILTER (WHERE %(value)s IS NOT NULL))::float8,
                  (GREATEST(SUM(fit_margin), 0)
                   / NULLIF(SUM(fit_revenue) FILTER (WHERE fit_margin IS NOT NULL), 0))::float8
             FROM %(table)s WHERE fit_days > 0""",
        value=SQL.identifier(f"fit_{basis}"), table=SQL.identifier(table),
    ))
    mean, margin_share = cr.fetchone()
    # What a customer's purchases are worth of whom no margin is known.
    spend = {"margin_share": round(max(margin_share or 0.0, 0.0), 6)}
    plain = {"weight": clv.SHRINKAGE, "common": round(mean or 0.0, 6)}
    if not len(rows):
        return {**spend, **plain, "problems": ["no_value"]}
    try:
        model = clv.fit_spend(*rows.T)
        common = float(model.expected_spend([0.0], [0.0])[0])
        one = float(model.expected_spend([1.0], [0.0])[0])
    except guards.FIT_ERRORS as error:
        earlier = last_good and last_good.get("spend")
        plain = {name: earlier[name] for name in plain} if earlier else plain
        return {**spend, **plain, "problems": [f"failed: {error}"]}
    weight = one / (common - one) if common > one else 0.0
    return {**spend, "weight": round(weight, 6), "common": round(common, 6), "problems": list(model.problems)}
