"""Why customers moved from one stage to another, found for all moves of a batch at once.

A stage is entered because its own rule holds now, where that rule is checked before the one of the
stage that is left. Otherwise the rule of the stage that is left has ended, by one of its conditions.
"""

from decimal import Decimal

from odoo.tools import SQL

from .rules import development_sql, late_sql, marks, weaker_sql

# What is noted beside the cause: columns of the recorded move, as SQL over row ``lived``.
NOTED = {
    "silence_days": SQL("lived.silence"),
    "cadence_ratio": SQL("ROUND(lived.silence / NULLIF(lived.typical_gap, 0), 2)"),
    "churn_risk": SQL("lived.churn_risk"),
    "development_index": SQL("lived.development_index"),
}
BOUGHT = SQL("lived.last_purchase_date >= lived.before_since")


def _cause(name, limit=None):
    """Return a cause and the limit that was passed, as a pair of SQL."""
    return SQL("%s::varchar", name), SQL("%s::numeric", None if limit is None else Decimal(str(limit)))


def _entered(rule, known):
    """Yield (condition, cause) of a rule that holds now: the first condition that is true tells the cause."""
    yes = SQL("TRUE")
    plain = Decimal(1)
    if rule.return_days:
        yield yes, _cause("bought")
    if rule.cadence_from or rule.risk_from:
        if rule.cadence_from or rule.silence_days_from:
            yield late_sql(rule._replace(risk_from=0), plain), _cause("silence")
        yield yes, _cause("risk")
    if rule.development_to:
        yield development_sql(rule, plain), _cause("low_development", rule.development_to)
    if rule.fall_days:
        for stage, index in known.earned.items():
            yield SQL("lived.before_stage = %s", stage), _cause("low_index", index)
    if rule.silence_days_from:
        yield yes, _cause("silence")
    if rule.index_from:
        yield yes, _cause("high_index", rule.index_from)
    if rule.silence_days_to:
        yield BOUGHT, _cause("bought")


def _left(rule, known, as_of, factor):
    """Yield (condition, cause) of a rule that has ended: the first condition that is true tells the cause."""
    yes = SQL("TRUE")
    if rule.purchases == "never":
        yield yes, _cause("bought")
    if rule.index_from:
        limit = Decimal(str(rule.index_from)) * factor
        yield SQL("lived.value_index < %s", limit), _cause("low_index", rule.index_from)
    ended = []
    if rule.cadence_from or rule.risk_from:
        ended.append(SQL("%s IS NOT TRUE", late_sql(rule, factor)))
    if rule.silence_days_from:
        ended.append(SQL("lived.silence < %s", rule.silence_days_from))
    for condition in ended:
        yield SQL("%s AND %s", condition, BOUGHT), _cause("bought")
        yield condition, _cause("silence")
    if rule.silence_days_to:
        yield SQL("lived.silence > %s", rule.silence_days_to), _cause("silence")
    if rule.development_to or rule.fall_days:
        ended = SQL("%s IS NOT TRUE", weaker_sql(rule, known, as_of, factor))
        for stage, index in known.earned.items():
            yield SQL("%s AND lived.lifecycle_stage_id = %s", ended, stage), _cause("high_index", index)
        if rule.development_to:
            yield (
                SQL("%s AND lived.development_index > %s", ended, Decimal(str(rule.development_to))),
                _cause("high_development", rule.development_to),
            )
            yield SQL("%s AND lived.development_index IS NOT NULL", ended), _cause("steady")
        if rule.fall_days:
            yield ended, _cause("time", rule.fall_days)
    if rule.return_days:
        yield yes, _cause("time", rule.return_days)
    if rule.age_days_to:
        yield SQL("lived.age > %s", rule.age_days_to), _cause("age", rule.age_days_to)


def columns_sql(rules, as_of, factor, *, changed):
    """Return (names, SQL) of the columns that say why a customer moved, over row ``lived``.

    The row is one of :func:`placement.placed_sql`.

    :param list rules: the rules in the order in which they are checked
    :param date as_of: the day
    :param Decimal factor: :func:`rules.ease`
    :param bool changed: the rules have changed since everybody was placed by them
    """
    known = marks(rules, factor)
    checked = [rule for rule in rules if rule.checked]
    branches = [
        (SQL("lived.before_stage IS NULL"), _cause("first")),
        (SQL("%s", changed), _cause("rules")),
        (SQL("lived.was_pinned"), _cause("unpinned")),
    ]
    for place, rule in enumerate(checked):
        entered = SQL(
            "lived.lifecycle_stage_id = %s AND NOT lived.before_stage = ANY(%s)",
            rule.stage, [earlier.stage for earlier in checked[:place]],
        )
        branches += [(SQL("%s AND %s", entered, condition), cause) for condition, cause in _entered(rule, known)]
    for rule in checked:
        left = SQL("lived.before_stage = %s", rule.stage)
        branches += [
            (SQL("%s AND %s", left, condition), cause) for condition, cause in _left(rule, known, as_of, factor)
        ]
    cause, limit = (
        SQL("CASE %s END", SQL(" ").join(SQL("WHEN %s THEN %s", condition, pair[part]) for condition, pair in branches))
        for part in range(2)
    )
    columns = {"cause": cause, "cause_limit": limit, **NOTED}
    return SQL(", ").join(map(SQL.identifier, columns)), SQL(", ").join(columns.values())
