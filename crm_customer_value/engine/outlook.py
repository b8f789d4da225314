"""What customers will do: the model of ``clv`` on the working table, and its predictions back.

Sufficient statistics come out of the working table by ``GROUP BY``; only distinct rows reach
Python, and predictions are joined back by the same key: purchase days after the first, days
from first to last, days from first to the day the prediction starts from. That day is the
anchor (:attr:`facts.FactScope.anchor`) or, for who bought after it, the last purchase.
"""

import io
from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from . import backtest, clv, guards, measures

# Predictions look 12 months ahead: forecasts over shorter times suffer most from seasons.
HORIZON_WEEKS = 52.0
# A range that the next purchase falls into four times of five, and its middle.
QUANTILES = (0.1, 0.5, 0.9)
# Limits of low, medium and high churn risk.
RISK_LIMITS = (0.35, 0.65)

PREDICTION_COLUMNS = (
    "probability_alive", "probability_active", "expected_purchases", "discounted_purchases",
    "next_from", "next_middle", "next_to",
)


def _statistics(cr, table, days, last, until):
    """Return (x, t_x, T, weights, extra sums) of the customers of a working table, in weeks.

    :param str days: column with purchase days, last: column with the last one
    :param date until: the day the statistics are taken at
    """
    cr.execute(SQL(
        """SELECT %(days)s - 1, %(last)s - first_purchase_date, %(until)s::date - first_purchase_date,
                  fit_days - %(days)s, COUNT(*), SUM(COALESCE(fit_log_gaps, 0))
             FROM %(table)s WHERE %(days)s > 0
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        days=SQL.identifier(days), last=SQL.identifier(last), until=until, table=SQL.identifier(table),
    ))
    rows = np.array(cr.fetchall(), float).reshape(-1, 6)
    x, t_x, age, later, weights, log_gaps = rows.T
    return x, t_x / 7, age / 7, later, weights, log_gaps.sum()


def fit(cr, table, scope, basis):
    """Learn from a complete working table; return a dict that JSON keeps.

    The dict holds what :func:`predict` needs, and what an administrator wants to know: ``method``
    (how the model was found, ``none`` without one), ``confidence``, ``grade`` of the back-test
    and of the plain rule it is measured by, and how many customers it was learned from.

    :param FactScope scope: of the run
    :param str basis: what a purchase is worth: 'margin' or 'revenue'
    """
    x, t_x, age, _later, weights, log_gaps = _statistics(cr, table, "fit_days", "fit_last", scope.anchor)
    guarded = guards.fit_guarded(x, t_x, age, log_gaps, weights)
    outlook = {
        "anchor": scope.anchor.isoformat(),
        "basis": basis,
        "method": guarded.method,
        "rejected": [[method, list(problems)] for method, problems, _k in guarded.rejected],
        "customers": int(guarded.evidence.customers),
        "repeat_buyers": int(guarded.evidence.repeat_buyers),
        "days": int(guarded.evidence.days),
    }
    if guarded.model is None:
        return outlook
    verdict = _back_test(cr, table, scope)
    if verdict is not None and not verdict.passed:
        # A model that loses to the plain rule is not shown.
        return {**outlook, "method": "none", "lost": True, **_grades(verdict)}
    model = guarded.model
    spend = _fit_spend(cr, table, basis)
    if spend is None:
        return {**outlook, "method": "none"}
    return {
        **outlook,
        "k": model.k,
        "params": list(model.params),
        "log_likelihood": model.log_likelihood,
        "confidence": guarded.evidence.confidence(verdict is not None),
        "factor": verdict.factor if verdict else 1.0,
        "spend": spend,
        **(_grades(verdict) if verdict else {}),
    }


def _grades(verdict):
    """Return the errors of the model and of the plain rule as plain numbers."""
    return {
        name: {key: None if value is None else round(float(value), 4) for key, value in grade._asdict().items()}
        for name, grade in (("grade", verdict.grade), ("rule", verdict.rule))
    }


def _back_test(cr, table, scope):
    """Return the verdict on a model that did not see the last weeks, or None without the history."""
    cut = scope.anchor - timedelta(weeks=measures.HOLDOUT_WEEKS)
    x, t_x, age, later, weights, _gaps = _statistics(cr, table, "cut_days", "cut_last", cut)
    guarded = guards.fit_guarded(x, t_x, age, None, weights)
    if guarded.model is None:
        return None
    horizon = float(measures.HOLDOUT_WEEKS)
    return backtest.judge(
        guarded.model.expected_purchases(horizon, x, t_x, age), later,
        guarded.model.probability_active(horizon, x, t_x, age), x, age, horizon, weights=weights,
    )


def _fit_spend(cr, table, basis):
    """Return how the value of a purchase is expected: the weight of everybody's mean, and that mean."""
    cr.execute(SQL(
        """SELECT fit_days, (%(value)s / fit_days)::float8, COUNT(*)
             FROM %(table)s WHERE fit_days > 1 AND %(value)s > 0 GROUP BY 1, 2 ORDER BY 1, 2""",
        value=SQL.identifier(f"fit_{basis}"), table=SQL.identifier(table),
    ))
    rows = np.array(cr.fetchall(), float).reshape(-1, 3)
    if not len(rows):
        return None
    model = clv.fit_spend(*rows.T)
    # The expectation is a weighted mean of one's own and everybody's; so two numbers hold it all.
    common = float(model.expected_spend([0.0], [0.0])[0])
    one = float(model.expected_spend([1.0], [0.0])[0])
    weight = one / (common - one) if common > one else 0.0
    return {"weight": round(weight, 6), "common": round(common, 6), "problems": list(model.problems)}


def create_predictions(cr, table, source, outlook, *, temporary, discount_rate):
    """Make the table of predictions of the distinct keys of a working table.

    :param str table: to make, in place of one of the same name
    :param str source: the working table
    :param dict outlook: what :func:`fit` returned
    :param float discount_rate: per year, 0.1 for 10 %
    """
    kind = SQL("TEMPORARY" if temporary else "UNLOGGED")
    tail = SQL("ON COMMIT DROP" if temporary else "")
    columns = SQL(", ").join(SQL("%s float8 NOT NULL", SQL.identifier(name)) for name in PREDICTION_COLUMNS)
    cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    cr.execute(SQL(
        "CREATE %s TABLE %s (x integer, t integer, age integer, %s, PRIMARY KEY (x, t, age)) %s",
        kind, SQL.identifier(table), columns, tail,
    ))
    if outlook["method"] == "none":
        return
    cr.execute(SQL(
        "SELECT DISTINCT %s FROM %s w WHERE w.purchase_days > 0", key_sql(outlook), SQL.identifier(source),
    ))
    keys = np.array(cr.fetchall(), int).reshape(-1, 3)
    if not len(keys):
        return
    model = clv.PurchaseModel(outlook["params"], outlook["k"])
    x, t_x, age = keys[:, 0].astype(float), keys[:, 1] / 7, keys[:, 2] / 7
    factor = outlook["factor"]
    values = np.column_stack([
        model.probability_alive(x, t_x, age),
        model.probability_active(HORIZON_WEEKS, x, t_x, age),
        factor * model.expected_purchases(HORIZON_WEEKS, x, t_x, age),
        factor * model.discounted_purchases(HORIZON_WEEKS, x, t_x, age, discount_rate),
        *(7 * model.next_purchase(HORIZON_WEEKS, x, t_x, age, quantile) for quantile in QUANTILES),
    ])
    lines = io.StringIO()
    for key, row in zip(keys.tolist(), values.tolist(), strict=True):
        lines.write("\t".join(map(repr, (*key, *row))) + "\n")
    lines.seek(0)
    cr.copy_expert(f'COPY "{table}" FROM STDIN', lines)
    cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def key_sql(outlook):
    """Return the SQL of the three columns of a prediction's key, over a working row ``w``."""
    return SQL(
        """w.purchase_days - 1, w.last_purchase_date - w.first_purchase_date,
           GREATEST(%s::date, w.last_purchase_date) - w.first_purchase_date""",
        outlook["anchor"],
    )


def value_sql(outlook, digits):
    """Return the SQL of ``clv_12m`` over a working row ``w`` and its prediction ``p``.

    Discounted purchases of the horizon times the value of a purchase, which is the customer's own
    mean and everybody's, weighed (Gamma-Gamma). Applied with the first purchase counted in.
    """
    spend = outlook.get("spend") or {"weight": 0, "common": 0}
    value = SQL.identifier("w", "margin_total" if outlook.get("basis") == "margin" else "revenue_total")
    return SQL(
        """ROUND(p.discounted_purchases::numeric
                 * (GREATEST(COALESCE(%(value)s, 0), 0) + %(weight)s::numeric * %(common)s::numeric)
                 / (w.purchase_days + %(weight)s::numeric), %(digits)s)""",
        value=value, weight=str(spend["weight"]), common=str(spend["common"]), digits=digits,
    )


def join_sql(table, outlook):
    """Return the join of a working row ``w`` with its prediction ``p``."""
    return SQL(
        "LEFT JOIN %s p ON (p.x, p.t, p.age) = (%s) AND w.purchase_days > 0",
        SQL.identifier(table), key_sql(outlook),
    )


def clv_percentiles(cr, table, predictions, outlook, digits):
    """Return the 1st to 100th percentile of ``clv_12m`` above zero, as text, empty without any.

    :param str predictions: the table that :func:`create_predictions` made
    """
    cr.execute(SQL(
        """SELECT (PERCENTILE_DISC(%s::float8[]) WITHIN GROUP (ORDER BY clv))::text[]
             FROM (SELECT %s AS clv FROM %s w %s) valued WHERE clv > 0""",
        measures.fractions(range(1, 101)), value_sql(outlook, digits), SQL.identifier(table),
        join_sql(predictions, outlook),
    ))
    return cr.fetchone()[0] or []
