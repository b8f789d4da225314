"""By which care level customers are served, as SQL over ``customer_value``.

Levels are checked in their order; the first whose conditions all hold is the customer's. A condition on a number that
is not known does not hold.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

CLASSES = ("a", "b", "c")


class Level(NamedTuple):
    """The conditions of one level; those that are None, False or empty are left out."""

    level: int  # id of the customer.care.level
    contact_days: int | None = None  # the promise: in touch at least this often
    class_to: str | None = None  # this value class or a better one
    matrix: str | None = None
    stages: tuple = ()  # ids of the lifecycle stages, one of which is the customer's
    index_from: float | None = None
    development_from: float | None = None
    development_to: float | None = None
    bought: bool = False


class Placement(NamedTuple):
    """Whose customers are placed, and by what."""

    company_id: int
    levels: list  # of Level, in the order in which they are checked
    as_of: date
    tz: str  # of the company: on which day a contact was
    open_states: tuple  # of complaints that wait for us
    severe: tuple  # of complaints that break the relationship


def _number(value):
    return Decimal(str(value))


def match_sql(level):
    """Return the condition on row ``v`` of ``customer_value`` that a level's conditions all hold.

    :param Level level: which level
    """
    conditions = [SQL("TRUE")]
    if level.bought:
        conditions.append(SQL("v.purchase_days > 0"))
    if level.class_to:
        classes = list(CLASSES[:CLASSES.index(level.class_to) + 1])
        conditions.append(SQL("COALESCE(v.value_class = ANY(%s), FALSE)", classes))
    if level.matrix:
        conditions.append(SQL("COALESCE(v.value_matrix = %s, FALSE)", level.matrix))
    if level.stages:
        conditions.append(SQL("COALESCE(v.lifecycle_stage_id = ANY(%s), FALSE)", sorted(level.stages)))
    for column, low, high in (
        ("value_index", level.index_from, None),
        ("development_index", level.development_from, level.development_to),
    ):
        if low is not None and low is not False:
            conditions.append(SQL("COALESCE(%s >= %s, FALSE)", SQL.identifier("v", column), _number(low)))
        if high is not None and high is not False:
            conditions.append(SQL("COALESCE(%s <= %s, FALSE)", SQL.identifier("v", column), _number(high)))
    return SQL("(%s)", SQL(" AND ").join(conditions))


def _case_sql(levels, result):
    """Return the SQL of what belongs to the first level that matches, NULL where none does."""
    if not levels:
        return SQL("NULL::integer")
    whens = [SQL("WHEN %s THEN %s", match_sql(level), result(level)) for level in levels]
    return SQL("CASE %s END", SQL(" ").join(whens))


def level_sql(levels):
    """Return the SQL of the id of the level by which row ``v`` is served, NULL where none matches."""
    return _case_sql(levels, lambda level: SQL("%s::integer", level.level))


def place_sql(placement, customers):
    """Return the statement that brings level and promise of customers up to date, and returns what changed.

    A level that somebody chose by hand stays until its last day. The promise is due so many days after the last
    contact with the customer, or after they came into the level.

    :param Placement placement: whose customers, and by which levels
    :param SQL customers: further condition on row ``v``
    """
    return SQL(
        """WITH judged AS (
               SELECT v.id, v.partner_id, v.last_contact_by_us, v.care_level_id AS was, v.care_level_since AS was_since,
                      COALESCE(v.care_level_pinned, FALSE)
                      AND (v.care_level_until IS NULL OR v.care_level_until >= %(as_of)s) AS pinned,
                      %(level)s AS by_rule
                 FROM customer_value v
                WHERE v.company_id = %(company)s AND %(customers)s
               OFFSET 0),
           placed AS (
               SELECT judged.*, CASE WHEN pinned THEN was ELSE by_rule END AS level
                 FROM judged
               OFFSET 0),
           entered AS (
               SELECT placed.*, %(days)s AS days,
                      CASE WHEN level IS NULL THEN NULL
                           WHEN level = was THEN COALESCE(was_since, %(as_of)s) ELSE %(as_of)s::date END AS since
                 FROM placed
               OFFSET 0),
           contacts AS (
               SELECT log.commercial_partner_id AS partner_id,
                      MAX((log.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS day
                 FROM customer_contact_log log
                WHERE log.company_id = %(company)s
                  AND log.commercial_partner_id IN (SELECT partner_id FROM entered WHERE days IS NOT NULL)
                GROUP BY 1),
           complaints AS (
               SELECT complaint.commercial_partner_id AS partner_id,
                      MIN((complaint.date_received AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS day
                 FROM customer_complaint complaint
                WHERE complaint.company_id = %(company)s AND complaint.active
                  AND complaint.state = ANY(%(open)s) AND complaint.severity = ANY(%(severe)s)
                  AND complaint.merged_into_id IS NULL
                GROUP BY 1),
           due AS (
               SELECT entered.*, CASE WHEN days IS NOT NULL
                           THEN COALESCE(GREATEST(last_contact_by_us, contacts.day), since) + days END AS due_on,
                      LEAST(partner.relationship_broken_on, complaints.day) AS broken_on
                 FROM entered
                 JOIN res_partner partner ON partner.id = entered.partner_id
                 LEFT JOIN contacts ON contacts.partner_id = entered.partner_id
                 LEFT JOIN complaints ON complaints.partner_id = entered.partner_id)
           UPDATE customer_value v
              SET care_level_id = due.level, care_level_since = due.since, care_due_on = due.due_on,
                  relationship_broken_on = due.broken_on, care_level_pinned = due.pinned,
                  care_level_reason = CASE WHEN due.pinned THEN v.care_level_reason END,
                  care_level_until = CASE WHEN due.pinned THEN v.care_level_until END,
                  care_level_user_id = CASE WHEN due.pinned THEN v.care_level_user_id END
             FROM due
            WHERE v.id = due.id
              AND (v.care_level_id, v.care_level_since, v.care_due_on, v.relationship_broken_on,
                   COALESCE(v.care_level_pinned, FALSE))
                  IS DISTINCT FROM (due.level, due.since, due.due_on, due.broken_on, due.pinned)
        RETURNING v.id""",
        level=level_sql(placement.levels), days=_promise_sql(placement.levels), company=placement.company_id,
        as_of=placement.as_of, tz=placement.tz, customers=customers, open=list(placement.open_states),
        severe=list(placement.severe),
    )


def _promise_sql(levels):
    """Return the SQL of after how many days without contact the promise of row ``placed`` is broken."""
    promises = [level for level in levels if level.contact_days]
    if not promises:
        return SQL("NULL::integer")
    whens = [SQL("WHEN %s THEN %s", level.level, level.contact_days) for level in promises]
    return SQL("CASE placed.level %s END", SQL(" ").join(whens))


def count_sql(placement):
    """Return the query of how many customers each level would have: level, customers, moved, revenue.

    ``moved`` are those who are in another level now. Nothing is written.

    :param Placement placement: whose customers, and by which levels
    """
    return SQL(
        """SELECT level, COUNT(*), COUNT(*) FILTER (WHERE level IS DISTINCT FROM was), SUM(revenue_12m)
             FROM (SELECT v.care_level_id AS was, v.revenue_12m,
                          CASE WHEN v.care_level_pinned
                                    AND (v.care_level_until IS NULL OR v.care_level_until >= %(as_of)s)
                               THEN v.care_level_id ELSE %(level)s END AS level
                     FROM customer_value v
                    WHERE v.company_id = %(company)s) judged
            GROUP BY level""",
        level=level_sql(placement.levels), company=placement.company_id, as_of=placement.as_of,
    )
