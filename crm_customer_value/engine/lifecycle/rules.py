"""In which stage of life a customer is: ordered rules, as SQL for many customers at once, in exact decimals."""

from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from ..fact.measures import TREND_TOLERANCE

# Without a stage: worse than any stage there is.
NOWHERE_RANK = 1_000_000
# The thresholds of what swings from night to night. Age, silence and the number of purchases only
# grow, or jump with a purchase, so there is nothing to hold them against.
SWINGING = ("index_from", "development_to", "cadence_from", "risk_from")


class Rule(NamedTuple):
    """A stage and what must hold for a customer to be in it; 0 or None is switched off."""

    stage: int
    rank: int = 0  # 0: good; the higher, the worse
    gone: bool = False  # who buys again after this stage came back
    checked: bool = True  # archived stages are known, and checked no more
    action: bool = False  # something is to be done on entry
    purchases: str | None = None  # 'never' or 'bought'
    purchase_days_from: int = 0
    purchase_days_to: int = 0
    age_days_from: int = 0
    age_days_to: int = 0
    index_from: float = 0
    silence_days_from: int = 0
    silence_days_to: int = 0
    cadence_from: float = 0
    risk_from: float = 0  # percent
    return_days: int = 0
    development_to: float = 0
    fall_days: int = 0


def ease(hysteresis):
    """Return the factor of the thresholds by which a customer leaves the stage they are in.

    :param float hysteresis: percent
    """
    return 1 - Decimal(str(hysteresis)) / 100


def _number(value):
    return Decimal(str(value))


class Marks(NamedTuple):
    """What a stage that a customer comes from says of the move."""

    gone: frozenset  # after these, a purchase is a return
    earned: dict  # healthy stage: the value index it asks for
    kept: dict  # the same stage: the value index below which it is lost


def marks(rules, factor):
    """Return the :class:`Marks` of some rules.

    :param Decimal factor: :func:`ease`
    """
    earned = {
        rule.stage: _number(rule.index_from)
        for rule in rules if rule.checked and rule.index_from and not rule.rank
    }
    return Marks(
        gone=frozenset(rule.stage for rule in rules if rule.gone),
        earned=earned,
        kept={stage: index * factor for stage, index in earned.items()},
    )


def _upper(limit, factor):
    return _number(limit) * (2 - factor)


def _conditions(rule, known, as_of, factor):
    """Yield what must hold, as SQL over row ``lived``."""
    if rule.purchases == "never":
        yield SQL("lived.purchase_days = 0")
    if rule.purchases == "bought":
        yield SQL("lived.purchase_days > 0")
    for column, low, high in (
        ("purchase_days", rule.purchase_days_from, rule.purchase_days_to),
        ("age", rule.age_days_from, rule.age_days_to),
        ("silence", rule.silence_days_from, rule.silence_days_to),
    ):
        if low:
            yield SQL("%s >= %s", SQL.identifier("lived", column), low)
        if high:
            yield SQL("%s <= %s", SQL.identifier("lived", column), high)
    if rule.index_from:
        yield SQL(
            "COALESCE(lived.value_index >= %s, lived.before_stage = %s)", _number(rule.index_from) * factor, rule.stage
        )
    if rule.cadence_from or rule.risk_from:
        yield late_sql(rule, factor)
    if rule.development_to or rule.fall_days:
        yield weaker_sql(rule, known, as_of, factor)
    if rule.return_days:
        yield SQL(
            """CASE WHEN lived.before_stage = %(stage)s THEN %(as_of)s::date - lived.before_since <= %(days)s
                    WHEN lived.before_stage = ANY(%(gone)s) THEN lived.last_purchase_date >= lived.before_since
                         AND lived.silence <= %(days)s
                    ELSE FALSE END""",
            stage=rule.stage, as_of=as_of, days=rule.return_days, gone=sorted(known.gone),
        )


def late_sql(rule, factor):
    """SQL: whether the customer is late by own cadence or by prediction; one is enough.

    Where no gap is known to hold it against, the silence decides alone.
    """
    signals = []
    if rule.cadence_from:
        signals.append(SQL(
            "lived.typical_gap > 0 AND lived.silence >= %s * lived.typical_gap",
            _number(rule.cadence_from) * factor,
        ))
    if rule.risk_from:
        signals.append(SQL(
            """lived.typical_gap > 0 AND lived.has_prediction AND lived.silence > %s * lived.typical_gap
               AND lived.churn_risk * 100 >= %s""",
            Decimal(factor), _number(rule.risk_from) * factor,
        ))
    if rule.silence_days_from:
        signals.append(SQL("COALESCE(lived.typical_gap, 0) = 0"))
    return SQL("(%s)", SQL(" OR ").join(SQL("(%s)", signal) for signal in signals))


def development_sql(rule, factor):
    """SQL: whether the customer buys less by as much as a rule says.

    Who buys as much as before has a low development index where the company grows, and is not weaker.
    """
    return SQL(
        "(lived.development_index <= %s AND lived.revenue_12m * %s < lived.revenue_previous_12m * %s)",
        _upper(rule.development_to, factor), Decimal(factor), 1 - TREND_TOLERANCE,
    )


def weaker_sql(rule, known, as_of, factor):
    """SQL: whether the customer buys clearly less, or fell below the index of a healthy stage not long ago."""
    signals = []
    if rule.development_to:
        signals.append(development_sql(rule, factor))
    if rule.fall_days and known.earned:
        signals.append(SQL(
            "lived.before_stage = %s AND %s::date - lived.before_since <= %s AND lived.value_index < %s",
            rule.stage, as_of, rule.fall_days, min(known.earned.values()),
        ))
        signals += [
            SQL("lived.before_stage = %s AND lived.value_index < %s", stage, index)
            for stage, index in known.kept.items() if stage != rule.stage
        ]
    if not signals:
        return SQL("FALSE")
    return SQL("(%s)", SQL(" OR ").join(SQL("(%s)", signal) for signal in signals))


def stage_sql(rules, as_of, factor):
    """Return the stage by rule as SQL over row ``lived``, without a look at what holds a customer.

    The row has ``purchase_days``, ``age``, ``silence``, ``last_purchase_date``, ``typical_gap``,
    ``value_index``, ``development_index``, ``revenue_12m``, ``revenue_previous_12m``, ``has_prediction``,
    ``churn_risk``, ``before_stage`` and ``before_since``.
    """
    known = marks(rules, factor)
    branches = []
    for rule in rules:
        if not rule.checked:
            continue
        plain, loose = (
            SQL(" AND ").join([SQL("TRUE"), *_conditions(rule, known, as_of, share)])
            for share in (Decimal(1), factor)
        )
        if factor != 1 and any(getattr(rule, name) for name in SWINGING):
            plain = SQL("(%s) OR (lived.before_stage = %s AND %s)", plain, rule.stage, loose)
        branches.append(SQL("WHEN %s THEN %s", plain, rule.stage))
    if not branches:
        return SQL("NULL::integer")
    return SQL("CASE %s END", SQL(" ").join(branches))


def rank_sql(rules, column):
    """Return how bad the stage in ``column`` is, as SQL."""
    branches = SQL(" ").join(
        SQL("WHEN %s THEN %s", rule.stage, rule.rank) for rule in rules if rule.rank
    )
    return SQL(
        "CASE %(column)s %(branches)s WHEN %(nowhere)s THEN %(worst)s ELSE 0 END",
        column=SQL("COALESCE(%s, 0)", column), branches=branches, nowhere=0, worst=NOWHERE_RANK,
    )
