"""The parts of the value index: what each part says of a customer, and how the parts add up.

The index is the weighted mean of the grounds, which is what the customer is worth to us. A share keeps as much of
that as its score says. Bonuses add a few points, or take them off. Deductions take points off. The result stays
within 0 and 100.

Scores lie between 0 and 100 and are counted in tenths, as whole numbers: those are quick and exact.
"""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import psycopg2

from odoo.tools import SQL

from ..fact import evidence as known

# The kinds of parts, in the order in which they are counted.
KINDS = ("ground", "share", "bonus", "deduction")
# Kinds that the mean is made of, and that it is scaled by: their points are differences of running results.
MEAN_KINDS = KINDS[:2]
# All bonuses together add, or take off, at most so much, in tenths: nobody loses much by measuring a small gain.
BONUS_MOST = 100
# A line of the sum that is no part: it keeps the index within 0 and 100.
BOUNDS = "bounds"
# What a part's own SQL fails with. Anything else is not its fault.
FAILURES = (psycopg2.DataError, psycopg2.ProgrammingError)


class Compared(NamedTuple):
    """What a score may go by beside the row of the customer."""

    points: dict  # how the company's customers compare: cut_points.read_cut_points
    as_of: date  # the day everything is computed for
    gross: bool  # revenue is counted without credit notes
    rules: dict = MappingProxyType({})  # what parts of other rooms go by: customer.value.run._part_rules


class Part(NamedTuple):
    """One part of the value index."""

    score: SQL | Callable[[Compared], SQL]
    """Whole tenths, 0 to 1000, over the working row ``w``; NULL where the part is missing. A run that meets another
    number stops and names the part. Mind that PostgreSQL's LEAST and GREATEST pass NULL over: of a customer who is not
    known they would make the best or the worst one."""

    kind: str = "ground"
    """``ground``: averaged. ``share``: 100 keeps the mean of the grounds, 0 takes the share of the weight away.
    ``bonus``: 100 adds the weight in points, 50 adds nothing, 0 takes it off; all bonuses together move at most
    10 points. ``deduction``: 100 takes the weight in points off."""

    after: str | None = None
    """The part that this one follows; the last one of its kind by default."""

    weight: float = 0
    """In a new policy. Policies of before count the part with 0 until somebody gives it a weight."""

    evidence: SQL | Callable[[Compared], SQL] | None = None
    """How much of the weight counts, 0 to 1000, over the working row ``w``; all of it by default."""

    label: str = ""
    """In the user's language; the label of the field of the score by default."""

    missing: bool = True
    """Whether the part may be missing, which a column says. What is never missing says nothing of who never bought."""

    also: dict = MappingProxyType({})
    """Further columns of ``customer.value`` that come with the part: {column: SQL over the working row ``w``, or a
    function that returns it, as of the score}."""

    following: dict = MappingProxyType({})
    """Columns that only compare what was computed: {column: SQL over the scored row ``s``, or a function that returns
    it}. Each of the further columns is there as ``<part>_also_<column>``, and need not be computed again."""

    kept: tuple = ()
    """Those of the further columns that a month end keeps, too."""

    score_column: str = ""
    presence_column: str | None = ""
    name: str = ""

    @property
    def points_column(self):
        return f"{self.name}_points"

    @property
    def evidence_column(self):
        return f"{self.name}_evidence"

    @property
    def columns(self):
        """The columns of ``customer.value`` in which this part is told."""
        told = [self.score_column, self.points_column, *self.also, *self.following]
        if self.missing:
            told.append(self.presence_column)
        if self.evidence is not None:
            told.append(self.evidence_column)
        return told

    @property
    def kept_columns(self):
        """Those of them that a month end keeps, too."""
        return [self.score_column, self.points_column, *([self.presence_column] if self.missing else ()), *self.kept]

    @property
    def tenths(self):
        """SQL: the score, over the scored row ``s``."""
        return SQL.identifier("s", f"{self.name}_tenths")


class Parts(dict):
    """{name: :class:`Part`}, which remembers that a name was given twice, and keeps the part that came first."""

    def __init__(self, parts=(), twice=()):
        super().__init__(parts)
        self.twice = tuple(twice)

    def __or__(self, others):
        new = {name: part for name, part in others.items() if name not in self}
        return Parts({**self, **new}, (*self.twice, *(name for name in others if name in self)))


class PartError(Exception):
    """A part cannot be counted."""


class PartFailure(PartError):
    """The SQL of a part fails.

    :param str name: the part
    :param partner_id: the customer for whom it fails; None if it fails for everybody
    :param str reason: what the database said
    """

    def __init__(self, name, partner_id, reason):
        super().__init__(f"{name} ({partner_id}): {reason}")
        self.name, self.partner_id, self.reason = name, partner_id, reason


class StrayScore(PartFailure):
    """A part gives a customer a score, or evidence, that does not lie between 0 and 100.

    :param float number: what it gives
    """

    def __init__(self, name, partner_id, number):
        super().__init__(name, partner_id, f"{number:g} is not between 0 and 100")
        self.number = number


# ---- what there is -------------------------------------------------------------------------


def ordered(parts):
    """Return {name: part} in the order in which parts are counted and shown, with the names of all columns.

    :param dict parts: {name: part}; a part whose place does not exist comes last
    """
    waiting, names = dict(parts), []
    while waiting:
        placed = [name for name, part in waiting.items() if part.after not in waiting]
        # Parts that wait for each other never get a place: see problems.
        for name in placed or list(waiting):
            after = waiting.pop(name).after
            names.insert(names.index(after) + 1 if after in names else len(names), name)
    return {
        name: _named(name, parts[name])
        for kind in KINDS for name in names if parts[name].kind == kind
    }


def _named(name, part):
    return part._replace(
        name=name,
        score_column=part.score_column or f"{name}_score",
        presence_column=(part.missing and (part.presence_column or f"has_{name}_score")) or None,
    )


def problems(parts, columns):
    """Yield (what is wrong, name of the part, detail) for everything that keeps parts from being counted.

    :param Parts parts: as they were declared
    :param columns: names of the fields of ``customer.value``
    """
    for name in getattr(parts, "twice", ()):
        yield "twice", name, name
    for name, part in parts.items():
        if part.kind not in KINDS:
            yield "kind", name, part.kind
        if part.after and part.after not in parts:
            yield "after", name, part.after
        elif _waits_for_itself(name, parts):
            yield "circle", name, part.after
        if absent := [column for column in _named(name, part).columns if column not in columns]:
            yield "columns", name, ", ".join(absent)


def kept_problems(parts, columns):
    """Yield what :func:`problems` does for parts that a month end cannot keep.

    :param columns: names of the fields of ``customer.value.snapshot``
    """
    for name, part in parts.items():
        if absent := [column for column in _named(name, part).kept_columns if column not in columns]:
            yield "kept", name, ", ".join(absent)


def _waits_for_itself(name, parts):
    after, seen = parts[name].after, set()
    while after in parts and after not in seen:
        if after == name:
            return True
        seen.add(after)
        after = parts[after].after
    return False


def of_kind(parts, *kinds):
    """Return the parts of some kinds, in their order."""
    return {name: part for name, part in parts.items() if part.kind in kinds}


def lines(parts):
    """Return the names of what adds up to the index: the parts, and what keeps it within 0 and 100."""
    return [*parts, BOUNDS]


def present(parts, record):
    """Return the names of the parts that are there for a customer.

    :param record: of ``customer.value``, or of a month end
    """
    return {name for name, part in parts.items() if not part.missing or record[part.presence_column]}


# ---- how they add up, in SQL ---------------------------------------------------------------


class Weights(NamedTuple):
    """What each part weighs; for a bonus or a deduction, in points."""

    general: dict  # {name: weight}
    industries: dict = MappingProxyType({})  # {id of an industry: {name: weight}}, for all parts


def _whole(weight):
    """Return a weight, which has two decimals, as a whole number."""
    return round(100 * weight)


def _weights_sql(parts, weights):
    """Return {name: SQL of the weight in hundredths}: constants, unless an industry has weights of its own."""
    general = {name: SQL("%s::bigint", _whole(weights.general[name])) for name in parts}
    if not weights.industries:
        return general
    return {name: SQL("COALESCE(%s, %s)", _weighed(name), constant) for name, constant in general.items()}


def _weighed(name):
    return SQL.identifier("weighed", f"{name}_weight")


def industries_sql(parts, weights, within):
    """Return the join of a scored row ``s`` with the weights of the customer's industry; nothing without any.

    :param within: function that limits a column of partner ids to the batch
    """
    if not weights.industries:
        return SQL("")
    rows = SQL(", ").join(
        SQL("(%s, %s)", industry, SQL(", ").join(SQL("%s::bigint", _whole(own[name])) for name in parts))
        for industry, own in weights.industries.items()
    )
    columns = SQL(", ").join(SQL.identifier(f"{name}_weight") for name in parts)
    return SQL(
        """LEFT JOIN (SELECT member.id AS member_id, weighed.*
                        FROM res_partner member
                        JOIN (VALUES %(rows)s) weighed (industry_id, %(columns)s)
                          ON weighed.industry_id = member.industry_id
                       WHERE %(members)s) weighed ON weighed.member_id = s.partner_id""",
        rows=rows, columns=columns, members=within(SQL.identifier("member", "id")),
    )


def scores_sql(parts, compared):
    """SQL: the columns ``<part>_tenths``, and ``<part>_evidence`` where it has any, over the working row ``w``."""
    columns = []
    for name, part in parts.items():
        for column, expression in _expressions(part, compared).items():
            columns.append(SQL("%s AS %s", expression, SQL.identifier(f"{name}_{column}")))
    return SQL(", ").join(columns)


def _said(expression, compared):
    return expression(compared) if callable(expression) else expression


def _expressions(part, compared):
    """Return {suffix of a column: SQL over the working row} of everything that a part computes."""
    found = {"tenths": SQL("(%s)::int", _said(part.score, compared))}
    if part.evidence is not None:
        found["evidence"] = SQL("(%s)::int", _said(part.evidence, compared))
    return found | {f"also_{column}": _said(expression, compared) for column, expression in part.also.items()}


def following_sql(parts, compared):
    """SQL: the columns ``<part>_also_<column>`` of what follows, over the scored row ``s``; a comma before each."""
    columns = SQL("")
    for name, part in parts.items():
        for column, expression in part.following.items():
            columns = SQL(
                "%s, %s AS %s", columns, _said(expression, compared), SQL.identifier(f"{name}_also_{column}")
            )
    return columns


def running_sql(parts, weights):
    """SQL: the columns ``upto_<part>`` and ``moved_<part>`` over scored row ``s``, in tenths.

    The first are the index after each ground and share, the second what each bonus and deduction moves. A
    weight counts as far as there is evidence, and the weight of a missing part not at all; what is left of the
    grounds counts relative to each other. Each part adds the difference of two rounded running means, so the
    parts always add up to the rounded whole, to the last digit. A share leaves the mean as it is at 100, and
    takes the share of its weight at 0.
    """
    # Weights have two decimals, evidence three: whole numbers of up to nine digits.
    weigh = _weights_sql(parts, weights)
    counted = {
        name: SQL(
            "%s * %s", weigh[name],
            SQL("%s", known.FULL) if part.evidence is None else SQL.identifier("s", part.evidence_column),
        )
        for name, part in parts.items()
    }
    grounds = of_kind(parts, "ground")
    total = SQL(" + ").join(
        SQL("CASE WHEN %s IS NULL THEN 0 ELSE %s END", part.tenths, counted[name]) for name, part in grounds.items()
    )
    columns, weighted = {}, []
    for name, part in grounds.items():
        weighted.append(SQL("%s * COALESCE(%s, 0)", counted[name], part.tenths))
        columns[f"upto_{name}"] = SQL(
            "COALESCE((2 * (%(sum)s) + (%(total)s)) / NULLIF(2 * (%(total)s), 0), 0)",
            sum=SQL(" + ").join(weighted), total=total,
        )
        mean = columns[f"upto_{name}"]
    # The weighted mean of the grounds and of as much of it as the score says: sum / total times
    # (total + weight * score) / (total + weight), in one division. Few customers complain, so it
    # may be a long one.
    kept, whole = SQL("(%s)::numeric", SQL(" + ").join(weighted)), SQL("(%s)::numeric", total)
    for name, part in of_kind(parts, "share").items():
        keeps = SQL("(1000 * (%s)::numeric + %s * %s)", total, counted[name], part.tenths)
        would = SQL("(1000 * (%s + %s))", total, counted[name])
        mean = SQL(
            """CASE WHEN %(score)s IS NULL THEN %(mean)s
                    ELSE COALESCE(ROUND(%(kept)s * %(keeps)s / NULLIF(%(whole)s * %(would)s, 0))::int, 0) END""",
            score=part.tenths, mean=mean, kept=kept, keeps=keeps, whole=whole, would=would,
        )
        columns[f"upto_{name}"] = mean
        kept = SQL("%s * COALESCE(%s, 1)", kept, keeps)
        whole = SQL("%s * CASE WHEN %s IS NULL THEN 1 ELSE %s END", whole, part.tenths, would)
    # Tenths of points: hundredths of the weight times tenths of the score, half a tenth rounds up.
    for name, part in of_kind(parts, "bonus").items():
        columns[f"moved_{name}"] = SQL(
            "FLOOR((%s * (COALESCE(%s, 500) - 500))::numeric / %s + 0.5)::int",
            counted[name], part.tenths, 5000 * known.FULL,
        )
    for name, part in of_kind(parts, "deduction").items():
        columns[f"moved_{name}"] = SQL(
            "(%s * COALESCE(%s, 0) + %s) / %s", counted[name], part.tenths, 5000 * known.FULL, 10000 * known.FULL
        )
    return SQL(", ").join(SQL("%s AS %s", column, SQL.identifier(name)) for name, column in columns.items())


def points_sql(parts, *, ranked):
    """SQL: what each part adds to the index, and the index itself, over row ``s``.

    Who never bought has no index, and so no part in any mean of it; nobody has where customers are not
    compared.

    :param bool ranked: customers are compared
    """
    running, tenths = SQL("0"), {}
    for name, part in of_kind(parts, *MEAN_KINDS).items():
        upto = SQL.identifier("s", f"upto_{name}")
        tenths[part.points_column] = SQL("%s - %s", upto, running)
        running = upto
        if part.kind == "ground":
            tenths["value_to_us"] = upto
    bonuses, limited = SQL("0"), SQL("0")
    for name, part in of_kind(parts, "bonus").items():
        bonuses, before = SQL("%s + %s", bonuses, SQL.identifier("s", f"moved_{name}")), limited
        limited = SQL("LEAST(GREATEST(%s, %s), %s)", bonuses, -BONUS_MOST, BONUS_MOST)
        tenths[part.points_column] = SQL("%s - %s", limited, before)
    if of_kind(parts, "bonus"):
        running = SQL("%s + %s", running, limited)
    for name, part in of_kind(parts, "deduction").items():
        moved = SQL.identifier("s", f"moved_{name}")
        tenths[part.points_column] = SQL("-%s", moved)
        running = SQL("%s - %s", running, moved)
    tenths["value_index"] = SQL("LEAST(GREATEST(%s, 0), 1000)", running)
    tenths[f"{BOUNDS}_points"] = SQL("%s - (%s)", tenths["value_index"], running)
    bought = SQL("s.purchase_days > 0" if ranked else "FALSE")
    return SQL(", ").join(
        SQL("CASE WHEN %s THEN 0.1 * (%s) END AS %s", bought, number, SQL.identifier(name))
        for name, number in tenths.items()
    )


def told_columns(parts):
    """Return {column: SQL over scored row ``s``} in which the parts are told, points excepted."""
    columns = {}
    for name, part in parts.items():
        score = SQL("0.1 * %s", part.tenths)
        columns[part.score_column] = score if part.missing else SQL(
            "CASE WHEN s.purchase_days > 0 THEN %s END", score
        )
        if part.missing:
            columns[part.presence_column] = SQL("%s IS NOT NULL", part.tenths)
        if part.evidence is not None:
            columns[part.evidence_column] = SQL(
                "CASE WHEN %s IS NULL THEN 0 ELSE 0.1 * %s END",
                part.tenths, SQL.identifier("s", part.evidence_column),
            )
        columns |= {column: SQL.identifier("s", f"{name}_also_{column}") for column in (*part.also, *part.following)}
    return columns


# ---- how they add up, for one customer -----------------------------------------------------


def points_of(parts, scores, counted):
    """Return {ground or share: points}, in tenths, of one customer: what :func:`running_sql` says to PostgreSQL.

    :param dict parts: in their order
    :param dict scores: {name: score in tenths} of those that are there
    :param dict counted: {name: weight as far as it counts}, whole numbers
    """
    grounds = of_kind(parts, "ground")
    total = sum(counted[name] for name in grounds if name in scores)
    points, weighted, before = {}, 0, 0
    for name in grounds:
        weighted += counted[name] * scores[name] if name in scores else 0
        upto = (2 * weighted + total) // (2 * total) if total else 0
        points[name], before = upto - before, upto
    kept, whole = weighted, total
    for name in of_kind(parts, "share"):
        points[name] = 0
        if name in scores and total:
            kept *= 1000 * total + counted[name] * scores[name]
            whole *= 1000 * (total + counted[name])
            upto = (2 * kept + whole) // (2 * whole)
            points[name], before = upto - before, upto
    return points


# ---- which of them fails -------------------------------------------------------------------


def find_failing(cr, parts, compared, rows, customers):
    """Return the :class:`PartFailure` of the first part whose SQL fails, None if none does.

    Called after a statement failed and was rolled back. Each part is tried alone; customers are halved until
    one is left.

    :param cr: cursor
    :param rows: function of a list of partner ids: SQL of their working rows
    :param list customers: partner ids
    """
    for name, part in parts.items():
        query = SQL(", ").join(SQL("COUNT(%s)", column) for column in _expressions(part, compared).values())

        def error_for(ids, query=query):
            try:
                with cr.savepoint(flush=False):
                    cr.execute(SQL("SELECT %s FROM (%s) w", query, rows(ids)), log_exceptions=False)
            except FAILURES as error:
                return error
            return None

        if error := error_for(customers):
            found = customers
            # What PostgreSQL cannot even read fails for everybody.
            if not isinstance(error, psycopg2.ProgrammingError):
                while len(found) > 1:
                    half = found[:len(found) // 2]
                    found = half if error_for(half) else found[len(half):]
            return PartFailure(name, found[0] if len(found) == 1 else None, str(error).split("\n", 1)[0])
    return None


def find_stray(cr, parts, value_ids):
    """Return the :class:`StrayScore` of a row of ``customer.value`` that was written, None if there is none.

    :param cr: cursor
    :param list value_ids: of the rows
    """
    columns = {}
    for name, part in parts.items():
        columns[part.score_column] = name
        if part.evidence is not None:
            columns[part.evidence_column] = name
    cr.execute(SQL(
        "SELECT v.partner_id, %s FROM customer_value v WHERE v.id = ANY(%s) AND (%s) ORDER BY v.partner_id LIMIT 1",
        SQL(", ").join(SQL.identifier("v", column) for column in columns), value_ids,
        SQL(" OR ").join(SQL("%s NOT BETWEEN 0 AND 100", SQL.identifier("v", column)) for column in columns),
    ))
    for partner_id, *numbers in cr.fetchall():
        return next(
            StrayScore(name, partner_id, float(number))
            for name, number in zip(columns.values(), numbers, strict=True)
            if number is not None and not 0 <= number <= 100
        )
    return None
