"""In which stage of life a customer is: the rules customer by customer, in plain Python.

The slow truth that the SQL of ``engine/lifecycle/rules.py`` is held against. Both work in exact decimals, so they
agree to the last digit.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ...engine.fact.measures import TREND_TOLERANCE
from ...engine.lifecycle.rules import NOWHERE_RANK, marks


class Facts(NamedTuple):
    """What is known of a customer on a day."""

    purchase_days: int
    first: date | None
    last: date | None
    typical_gap: Decimal  # 0: not known
    value_index: Decimal | None  # None: not known, which brings nobody into a stage, and nobody out of it
    churn_risk: Decimal | None  # share; None without a prediction
    development_index: Decimal | None = None  # None without a window before
    revenue: Decimal = Decimal(0)  # in the window
    revenue_before: Decimal = Decimal(0)  # in the window before


class Place(NamedTuple):
    """Where a customer was before: a stage (or None) and since when."""

    stage: int | None = None
    since: date | None = None


def _number(value):
    return Decimal(str(value))


def matches(rule, facts, before, known, as_of, factor=1):
    """Return whether a rule holds for a customer.

    :param Rule rule: what must hold
    :param Facts facts: of the customer, on that day
    :param Place before: where the customer was
    :param Marks known: what the stages mean that a customer may come from
    :param date as_of: the day
    :param Decimal factor: thresholds of what swings are that much lower, upper limits that much higher
    """
    age = (as_of - facts.first).days if facts.first else None
    silence = (as_of - facts.last).days if facts.last else None
    conditions = (
        (rule.purchases == "never", facts.purchase_days == 0),
        (rule.purchases == "bought", facts.purchase_days > 0),
        (rule.purchase_days_from, facts.purchase_days >= rule.purchase_days_from),
        (rule.purchase_days_to, facts.purchase_days <= rule.purchase_days_to),
        (rule.age_days_from, age is not None and age >= rule.age_days_from),
        (rule.age_days_to, age is not None and age <= rule.age_days_to),
        (rule.index_from, _has_index(rule, facts, before, factor)),
        (rule.silence_days_from, silence is not None and silence >= rule.silence_days_from),
        (rule.silence_days_to, silence is not None and silence <= rule.silence_days_to),
        (rule.cadence_from or rule.risk_from, _is_late(rule, facts, silence, factor)),
        (rule.development_to or rule.fall_days, _is_weaker(rule, facts, before, known, as_of, factor)),
        (rule.return_days, _has_returned(rule, facts, before, known, as_of)),
    )
    return all(holds for is_set, holds in conditions if is_set)


def _has_index(rule, facts, before, factor):
    if facts.value_index is None:
        return before.stage == rule.stage
    return facts.value_index >= _number(rule.index_from) * factor


def _is_late(rule, facts, silence, factor):
    """Own cadence or prediction, one is enough; where no gap is known to hold it against, the silence decides alone."""
    if silence is None:
        return False
    if not facts.typical_gap:
        return bool(rule.silence_days_from)
    if rule.cadence_from and silence >= _number(rule.cadence_from) * factor * facts.typical_gap:
        return True
    return bool(
        rule.risk_from
        and facts.churn_risk is not None
        and silence > factor * facts.typical_gap
        and facts.churn_risk * 100 >= _number(rule.risk_from) * factor
    )


def _upper(limit, factor):
    return _number(limit) * (2 - factor)


def _is_weaker(rule, facts, before, known, as_of, factor):
    """Buys clearly less, or fell below the index of a healthy stage not long ago; one is enough.

    Who buys as much as before has a low development index where the company grows, and is not weaker.
    """
    if (
        rule.development_to
        and facts.development_index is not None
        and facts.development_index <= _upper(rule.development_to, factor)
        and facts.revenue * factor < facts.revenue_before * (1 - TREND_TOLERANCE)
    ):
        return True
    if not rule.fall_days or not known.earned or facts.value_index is None:
        return False
    if before.stage == rule.stage:
        return (
            before.since is not None
            and (as_of - before.since).days <= rule.fall_days
            and facts.value_index < min(known.earned.values())
        )
    return before.stage in known.kept and facts.value_index < known.kept[before.stage]


def _has_returned(rule, facts, before, known, as_of):
    """Bought since being in a stage whose health is gone; and for some time after that."""
    if before.since is None:
        return False
    if before.stage == rule.stage:
        return (as_of - before.since).days <= rule.return_days
    return (
        before.stage in known.gone
        and facts.last is not None
        and facts.last >= before.since
        and (as_of - facts.last).days <= rule.return_days
    )


def stage(rules, facts, before, as_of, factor, *, held=False):
    """Return the stage a customer is in, or None if no rule matches.

    The stage the customer is in already matches with its thresholds loosened, every other one with
    the plain ones: a second look at the same facts changes nothing.

    :param rules: the rules in the order in which they are checked
    :param Facts facts: of the customer
    :param Place before: where the customer was
    :param date as_of: the day
    :param Decimal factor: :func:`ease`
    :param bool held: no move to something worse
    """
    known = marks(rules, factor)
    found = next(
        (
            rule.stage
            for rule in rules
            if rule.checked
            and (
                matches(rule, facts, before, known, as_of)
                or (before.stage == rule.stage and matches(rule, facts, before, known, as_of, factor))
            )
        ),
        None,
    )
    if held and before.stage is not None:
        ranks = {rule.stage: rule.rank for rule in rules}
        if ranks.get(found, NOWHERE_RANK) > ranks.get(before.stage, 0):
            return before.stage
    return found
