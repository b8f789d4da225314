"""Applying what was learned: the expectations of each customer, beside the working table.

Only distinct keys reach Python: purchase days after the first, days from first to last, days from
first to the day the prediction starts from, how far the customer is taken for steady, and how late. That day is
the anchor (:attr:`facts.FactScope.anchor`) or, for who bought after it, the last purchase.
"""

import numpy as np

from odoo.tools import SQL

from ..fact import measures
from ..mathematics import candidates, choice
from . import transfer
from .outlook import HORIZON_WEEKS, RHYTHM, late_sql, steadiness_sql, steady_share

# Limits of low, medium and high churn risk.
RISK_LIMITS = (0.35, 0.65)

# A steady customer's year: what is paid once a year falls due once in it, leap years included.
STEADY_YEAR = 366 / 7
# Methods of fits, as ``customer.value`` names them.
METHODS = {
    "likelihood": "model", "likelihood_k2": "model", "prior": "prior", "last_good": "last_good",
    "shrunken_rates": "rates", "rule": "rule",
}
# So many keys are predicted at a time, which bounds the memory that takes.
CHUNK = 100_000
# Alive, active, purchases, and the days to the next purchase: how many whole ones make a unit.
SCALES = (10000, 10000, 100, 1, 1, 1)


def create_keys(cr, table, source, outlook, *, temporary, discount_rate):
    """Make the table of what is expected by distinct history, beside the table of predictions to come.

    :param str table: of predictions; one of the same name goes
    :param str source: the working table
    :param dict outlook: what :func:`outlook.fit` returned
    :param bool temporary: dropped at the end of the transaction
    :param float discount_rate: per year, 0.1 for 10 %
    """
    keys = _keys(table)
    # What is shown is rounded here, once a key: integers are quick to move and to compare.
    drop(cr, table)
    cr.execute(SQL(
        """CREATE %s TABLE %s (x integer, t integer, age integer, steady integer, late integer,
               alive integer, active integer, purchases integer, next_from integer, next_middle integer,
               next_to integer, discounted float8) %s""",
        _kind(temporary), SQL.identifier(keys), _tail(temporary),
    ))
    _predict_keys(cr, keys, source, outlook, discount_rate)


def join_keys(cr, table, source, outlook, *, temporary, digits):
    """Make the table of predictions, one row a customer of whom something is expected, and drop the keys'.

    :param int digits: decimal places of the company's currency; the rest as in :func:`create_keys`
    """
    cr.execute(SQL(
        """CREATE %(kind)s TABLE %(table)s %(tail)s AS
           SELECT w.partner_id AS customer_id, p.steady >= %(steady)s AS steady, p.alive, p.active, p.purchases,
                  GREATEST(%(anchor)s::date, w.last_purchase_date) AS anchor,
                  NULLIF(p.next_from, -1) AS next_from, NULLIF(p.next_middle, -1) AS next_middle,
                  NULLIF(p.next_to, -1) AS next_to, %(value)s AS clv_12m
             FROM %(source)s w
             JOIN %(keys)s p ON (p.x, p.t, p.age, p.steady, p.late) = (%(key)s)
            WHERE w.purchase_days > 0""",
        kind=_kind(temporary), tail=_tail(temporary),
        table=SQL.identifier(table), source=SQL.identifier(source), keys=SQL.identifier(_keys(table)),
        key=_key_sql(outlook), value=_value_sql(outlook, digits), anchor=outlook["anchor"],
        steady=steady_share(outlook["rhythm"]["gaps"]),
    ))
    cr.execute(SQL("DROP TABLE %s", SQL.identifier(_keys(table))))
    cr.execute(SQL("ALTER TABLE %s ADD PRIMARY KEY (customer_id)", SQL.identifier(table)))
    cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def beside(table):
    """Return the name of the table of predictions that belongs to a working table."""
    return f"{table}_p"


def drop(cr, table):
    """Drop a table of predictions, finished or not."""
    cr.execute(SQL("DROP TABLE IF EXISTS %s, %s", SQL.identifier(table), SQL.identifier(_keys(table))))


def _keys(table):
    return f"{table}_k"


def _kind(temporary):
    return SQL("TEMPORARY" if temporary else "UNLOGGED")


def _tail(temporary):
    return SQL("ON COMMIT DROP" if temporary else "")


def _predict_keys(cr, table, source, outlook, discount_rate):
    """Fill the table of the distinct keys with what is expected of each."""
    x, t, age, steady, late = transfer.fetch(cr, SQL(
        "SELECT DISTINCT %s FROM %s w WHERE w.purchase_days > 0", _key_sql(outlook), SQL.identifier(source),
    ), ("i4",) * 5)
    for level in np.unique(steady):
        places = np.flatnonzero(steady == level)
        for start in range(0, len(places), CHUNK):
            part = places[start:start + CHUNK]
            customers = candidates.Histories(x[part].astype(float), t[part] / 7, age[part] / 7, late[part] / 10000)
            expected = _expected(outlook, customers, discount_rate, steady=int(level))
            values = [*expected[:3], *(7 * weeks for weeks in expected.next_weeks)]
            shown = [_whole(column, scale) for column, scale in zip(values, SCALES, strict=True)]
            key = x[part], t[part], age[part], steady[part], late[part]
            transfer.send(cr, table, [*key, *shown, expected.discounted])
    cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def _whole(values, scale):
    """Return numbers as whole ones of ``scale`` a unit; -1 stands for what is unknown."""
    known = np.isfinite(values)
    return np.where(known, np.rint(scale * np.where(known, values, 0)), -1).astype("i4")


def _expected(outlook, customers, discount_rate, *, steady):
    """Return the forecast of customers by all candidates that count this week, weighed.

    :param int steady: how far they are taken for steady, in ten-thousandths
    """
    rhythm = outlook["rhythm"]
    weight = steady / 10000 * rhythm["choice"]["weights"].get(RHYTHM, 0.0)
    shares = [(name, (1 - weight) * share) for name, share in choice.shares(outlook["choice"])] if weight < 1 else []
    if weight:
        # When the next purchase comes is what the first one says.
        told = steady >= steady_share(rhythm["gaps"]) and rhythm["choice"]["in_use"] == RHYTHM
        shares.insert(0 if told else len(shares), (RHYTHM, weight))
    forecasts = [
        candidates.forecast(outlook["rhythm"]["candidate"], STEADY_YEAR, customers, discount_rate)
        if name == RHYTHM
        else candidates.forecast(outlook["candidates"][name], HORIZON_WEEKS, customers, discount_rate)
        for name, _weight in shares
    ]
    return candidates.mixed(forecasts, [weight for _name, weight in shares])


def _key_sql(outlook):
    """Return the SQL of the five columns of a prediction's key, over a working row ``w``."""
    anchor, late = outlook["anchor"], SQL("0")
    if "rule" in outlook["candidates"]:  # nobody else asks, and every column makes more keys
        late = late_sql(
            anchor, outlook["gap"], days="purchase_days", last="last_purchase_date", own_gap="own_gap"
        )
    return SQL(
        """w.purchase_days - 1, w.last_purchase_date - w.first_purchase_date,
           GREATEST(%s::date, w.last_purchase_date) - w.first_purchase_date, %s, %s""",
        anchor, steadiness_sql(outlook["rhythm"]["gaps"]), late,
    )


def _method_sql(outlook):
    """Return the SQL of how a customer is predicted and how far to believe it, over a scored row ``s``."""
    return SQL(
        """CASE WHEN s.clv_12m IS NULL THEN 'none' WHEN s.steady AND %s THEN 'steady' ELSE %s END AS clv_method,
           CASE WHEN s.clv_12m IS NOT NULL THEN %s END AS clv_confidence""",
        outlook["rhythm"]["choice"]["in_use"] == RHYTHM, METHODS[outlook["method"]], outlook["confidence"],
    )


def _value_sql(outlook, digits):
    """Return the SQL of ``clv_12m`` over a working row ``w`` and its prediction ``p``.

    Discounted purchases of the horizon times the value of a purchase, which is the customer's own
    mean and everybody's, weighed (Gamma-Gamma). Applied with the first purchase counted in. Of a
    customer whose margins nobody knows the revenue counts, at the company's share of margin in it.
    """
    spend = outlook["spend"]
    value = SQL("w.revenue_total")
    if outlook["basis"] == "margin":
        value = SQL("COALESCE(w.margin_total, w.revenue_total * %s::numeric)", str(spend["margin_share"]))
    return SQL(
        """ROUND(p.discounted::numeric
                 * (GREATEST(%(value)s, 0) + %(weight)s::numeric * %(common)s::numeric)
                 / (w.purchase_days + %(weight)s::numeric), %(digits)s)""",
        value=value, weight=str(spend["weight"]), common=str(spend["common"]), digits=digits,
    )


def join_sql(table, within):
    """Return the join of a working row ``w`` with its prediction ``p``.

    :param within: limits a column to the batch
    """
    return SQL(
        "LEFT JOIN %s p ON p.customer_id = w.partner_id AND %s",
        SQL.identifier(table), within(SQL.identifier("p", "customer_id")),
    )


def columns_sql(outlook):
    """Return the SQL of the columns of ``customer_value`` that tell the outlook, over a scored row ``s``."""
    low, high = (round(10000 * limit) for limit in RISK_LIMITS)
    return SQL(
        """s.clv_12m IS NOT NULL AS has_prediction,
           0.0001 * s.alive AS probability_alive,
           0.0001 * s.active AS probability_active_12m,
           0.0001 * (10000 - s.active) AS churn_risk,
           CASE WHEN s.clv_12m IS NULL THEN NULL
                WHEN 10000 - s.active < %(low)s THEN 'low'
                WHEN 10000 - s.active < %(high)s THEN 'medium' ELSE 'high' END AS churn_level,
           0.01 * s.purchases AS expected_purchases_12m,
           s.clv_12m,
           s.anchor + s.next_middle AS expected_next_purchase_date,
           s.anchor + s.next_from AS next_purchase_from,
           s.anchor + s.next_to AS next_purchase_to,
           %(method)s""",
        low=low, high=high, method=_method_sql(outlook),
    )


def percentiles(cr, table):
    """Return the 1st to 100th percentile of ``clv_12m`` above zero, as text, empty without any.

    :param str table: that :func:`join_keys` made
    """
    cr.execute(SQL(
        "SELECT (PERCENTILE_DISC(%s::float8[]) WITHIN GROUP (ORDER BY clv_12m))::text[] FROM %s WHERE clv_12m > 0",
        measures.fractions(range(1, 101)), SQL.identifier(table),
    ))
    return cr.fetchone()[0] or []
