"""Learning what customers will do: the candidates of a company, judged on its own last weeks.

Sufficient statistics come out of the working table by ``GROUP BY``, as of the anchor
(:attr:`facts.FactScope.anchor`); only distinct rows reach Python. What is learned is applied in
:mod:`predictions`.
"""

from datetime import date, timedelta

import numpy as np

from odoo.tools import SQL

from .. import clv
from ..fact import lateness, measures
from ..mathematics import candidates, choice, guards
from . import doubts, transfer

# Predictions look 12 months ahead: forecasts over shorter times suffer most from seasons.
HORIZON_WEEKS = 52.0
# What an earlier run learned serves for so long: its parameters as "last good", its choice as the one in use.
MEMORY_WEEKS = 8
# The choice for steady customers is between these two.
RHYTHM, COMPANY = "rhythm", "company"


def fit(cr, table, scope, basis, before=None):
    """Learn from a complete working table; return a dict that JSON keeps.

    The dict holds what :mod:`predictions` needs: the ``candidates`` that count this week, the ``choice`` among
    them, ``rhythm`` for steady customers, ``spend`` and the company's typical ``gap``; and what an administrator
    wants to know: ``method`` (how the candidate in use was found), ``confidence``, the ``errors`` of all
    candidates in the test, ``grade`` of the one in use and of the plain ``rule``, how many customers it was
    learned from, ``warnings`` (words) and ``doubts`` (numbers).

    :param FactScope scope: of the run, all customers
    :param str basis: what a purchase is worth: 'margin' or 'revenue'
    :param dict before: what this function returned for an earlier week, None without a run to go by
    """
    x, t_x, age, weights, log_gaps = transfer.fetch(cr, SQL(
        """SELECT fit_days - 1, fit_last - first_purchase_date, %(anchor)s::date - first_purchase_date,
                  COUNT(*), SUM(COALESCE(fit_log_gaps, 0))
             FROM %(table)s WHERE fit_days > 0 AND first_purchase_date >= %(first)s
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        anchor=scope.anchor, table=SQL.identifier(table), first=doubts.FIRST_DAY,
    ), ("i4", "i4", "i4", "i8", "f8"))
    x, t_x, age, weights = x.astype(float), t_x / 7, age / 7, weights.astype(float)
    tills = guards.walk_ins(x, age, weights)
    doubtful = doubts.customers(cr, table)
    if tills.any():
        doubtful["walk_in"] = int(weights @ tills)
    kept = ~tills
    found, fits = candidates.fit(x[kept], t_x[kept], age[kept], log_gaps[kept].sum(), weights[kept])
    weekly, later = doubts.weekly_purchases(cr, scope)
    if later:
        doubtful["later"] = later
    if fits.evidence.level != "none":
        _recall(found, before, scope.anchor)
    gaps = choice.follow(_steady_gaps(cr, table), scope.anchor, before and before["rhythm"]["gaps"])
    held_back = _held_back(cr, table, scope.anchor, int(gaps["in_use"]))
    tested, verdicts = _back_test(found, held_back)
    for name, verdict in verdicts.items():
        found[name]["factor"] = verdict.factor
    errors = {name: verdict.relative_error for name, verdict in verdicts.items()}
    chosen = choice.choose(errors, found, "rule", scope.anchor, before and before["choice"])
    in_use = chosen["in_use"]
    warnings = _warnings(fits.evidence.days, weekly)
    return {
        "anchor": scope.anchor.isoformat(),
        "basis": basis,
        "method": found[in_use]["method"],
        "confidence": fits.evidence.confidence(errors.get(in_use, 2) <= 1 and "short_history" not in warnings),
        "choice": chosen,
        # A candidate that is blended out may not be found any more.
        "candidates": {
            name: found[name] if name in found else before["candidates"][name] for name in chosen["weights"]
        },
        "rhythm": {**_rhythm(held_back, tested.get(in_use), scope.anchor, before), "gaps": gaps},
        "gap": _company_gap(cr, table, "own_gap"),
        "spend": _fit_spend(cr, table, basis, before),
        "errors": {name: round(error, 4) for name, error in errors.items()},
        **({"grade": _grade(verdicts[in_use]), "rule": _grade(verdicts["rule"])} if in_use in verdicts else {}),
        "rejected": [[method, list(problems)] for method, problems, _k in fits.rejected],
        "customers": int(fits.evidence.customers),
        "repeat_buyers": int(fits.evidence.repeat_buyers),
        "days": int(fits.evidence.days),
        "warnings": warnings,
        "doubts": doubtful,
    }


def _recall(found, before, anchor):
    """Add the candidates in use that cannot be fitted this week, as they were when they last could."""
    for name in before["choice"]["weights"] if before else ():
        candidate = before["candidates"][name]
        learned = candidate.get("learned", before["anchor"])
        if name not in found and anchor - date.fromisoformat(learned) <= timedelta(weeks=MEMORY_WEEKS):
            found[name] = {**candidate, "method": "last_good", "learned": learned}


def _warnings(days, weekly):
    """Return words for what makes a year's forecast from this history uncertain."""
    if days < 7 * HORIZON_WEEKS:
        return ["short_history"]
    season = guards.season(weekly)
    return list(season.warnings) if season else []


def _steady_gaps(cr, table):
    """Return from how many gaps on customers of a working table who look steady are taken for it."""
    cr.execute(SQL(
        """SELECT fit_days - 1, COUNT(*), COUNT(*) FILTER (WHERE %(steady)s)
             FROM %(table)s w WHERE fit_days > %(least)s GROUP BY 1""",
        steady=steady_sql(guards.LEAST_GAPS), table=SQL.identifier(table), least=guards.LEAST_GAPS,
    ))
    return guards.steady_from(*np.array(cr.fetchall(), float).reshape(-1, 3).T)


def steady_sql(least, days="fit_days", last="fit_last", squares="fit_square_gaps"):
    """Return the SQL of :func:`guards.steady` over a working row ``w``, as of the anchor or of the test's cut.

    :param int least: how many gaps it takes
    """
    return SQL(
        """(%(days)s > %(least)s AND %(last)s > w.first_purchase_date
            AND %(squares)s - (%(last)s - w.first_purchase_date)::float8 ^ 2 / (%(days)s - 1)
                < (%(days)s - 2) * (%(steady)s * (%(last)s - w.first_purchase_date) / (%(days)s - 1)) ^ 2)
           IS TRUE""",
        days=SQL.identifier("w", days), last=SQL.identifier("w", last), squares=SQL.identifier("w", squares),
        least=least, steady=guards.STEADY,
    )


def steadiness_sql(gaps):
    """Return how far a working row ``w`` is taken for steady as SQL, in whole ten-thousandths.

    :param dict gaps: from how many gaps on, of :func:`choice.follow`
    """
    reached = choice.reached(gaps)
    return SQL(
        "CASE WHEN %s THEN CASE %s END ELSE 0 END", steady_sql(reached[0][0]),
        SQL(" ").join(SQL("WHEN w.fit_days > %s THEN %s", least, _share(share)) for least, share in reversed(reached)),
    )


def steady_share(gaps):
    """Return from which share on, in ten-thousandths, a customer has as many gaps as the limit in use asks for."""
    return _share(dict(choice.reached(gaps))[int(gaps["in_use"])])


def _share(weight):
    return round(10000 * weight)


def _company_gap(cr, table, column):
    """Return the median of the customers' median gaps in days, None without any."""
    cr.execute(SQL(
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s) FROM %s",
        SQL.identifier(column), SQL.identifier(table),
    ))
    return cr.fetchone()[0]


def late_sql(day, gap, *, days, last, own_gap):
    """Return the lateness share of a working row ``w`` as SQL, in whole ten-thousandths; 0 where it is unknown.

    :param date day: the day the silence is counted to
    :param float gap: the company's typical gap in days, or None
    :param str days: columns with purchase days, last: with the last one, own_gap: with the median gap
    """
    typical = lateness.typical_gap_sql(
        SQL("(%s - 1)", SQL.identifier("w", days)), SQL.identifier("w", own_gap), gap
    )
    return SQL(
        "COALESCE(10000 * (%s), 0)::int", lateness.share_sql("w", day, last=last, gap=SQL("(0.01 * %s)", typical)),
    )


def _held_back(cr, table, anchor, least_gaps):
    """Return (customers as of the test's cut, weights, their purchases since, who seemed steady)."""
    cut = anchor - timedelta(weeks=measures.HOLDOUT_WEEKS)
    columns = {"days": "cut_days", "last": "cut_last"}
    x, t_x, age, weights, later, late, steady = transfer.fetch(cr, SQL(
        """SELECT cut_days - 1, cut_last - first_purchase_date, %(cut)s::date - first_purchase_date,
                  COUNT(*), fit_days - cut_days, %(late)s, %(steady)s::int
             FROM %(table)s w WHERE cut_days > 0 AND first_purchase_date >= %(first)s
            GROUP BY 1, 2, 3, 5, 6, 7 ORDER BY 1, 2, 3, 5, 6, 7""",
        cut=cut, table=SQL.identifier(table), first=doubts.FIRST_DAY,
        late=late_sql(cut, _company_gap(cr, table, "cut_gap"), own_gap="cut_gap", **columns),
        steady=steady_sql(least_gaps, squares="cut_square_gaps", **columns),
    ), ("i4", "i4", "i4", "i8", "i4", "i4", "i4"))
    weights = weights.astype(float)
    kept = ~guards.walk_ins(x, age / 7, weights)
    customers = candidates.Histories(x.astype(float), t_x / 7, age / 7, late / 10000)
    return customers.part(kept), weights[kept], later[kept].astype(float), steady[kept] == 1


def _back_test(found, held_back):
    """Return candidates that did not see the last weeks, and verdicts on them, both by name; empty without history."""
    customers, weights, later, _steady = held_back
    kinds = {name: candidate["k"] for name, candidate in found.items() if "k" in candidate}
    tested, fits = candidates.fit(*customers[:3], weights=weights if len(weights) else None, kinds=kinds)
    if fits.evidence.level == "none":
        return {}, {}
    tested = {name: candidate for name, candidate in tested.items() if name in found}
    return tested, candidates.judge(tested, customers, later, float(measures.HOLDOUT_WEEKS), weights)


def _rhythm(held_back, tested, anchor, before):
    """Return whether steady customers are told by their own rhythm.

    It is judged like the candidates of the company, on the customers who seemed steady at the test's cut, and
    against the candidate in use. A few of them tell nothing: steady customers are taken at their word then.

    :param dict tested: the candidate in use, as it was without the last weeks; None if it was not tested
    """
    customers, weights, later, steady = held_back
    errors, own = {}, {"method": RHYTHM, "factor": 1.0}
    if tested and weights[steady].sum() >= candidates.LEAST_STEADY:
        verdicts = candidates.judge(
            {RHYTHM: own, COMPANY: tested}, customers.part(steady), later[steady], float(measures.HOLDOUT_WEEKS),
            weights[steady],
        )
        own["factor"] = verdicts[RHYTHM].factor
        errors = {name: verdict.relative_error for name, verdict in verdicts.items()}
    chosen = choice.choose(errors, (RHYTHM, COMPANY), RHYTHM, anchor, before and before["rhythm"]["choice"])
    return {
        "candidate": own, "choice": chosen,
        "errors": {name: round(error, 4) for name, error in errors.items()},
    }


def _grade(verdict):
    """Return the errors of a candidate as plain numbers."""
    return {
        key: None if value is None else round(float(value), 4) for key, value in verdict.grade._asdict().items()
    }


def _fit_spend(cr, table, basis, before):
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
        if before and before["basis"] == basis:
            plain = {name: before["spend"][name] for name in plain}
        return {**spend, **plain, "problems": [f"failed: {error}"]}
    weight = one / (common - one) if common > one else 0.0
    return {**spend, "weight": round(weight, 6), "common": round(common, 6), "problems": list(model.problems)}
