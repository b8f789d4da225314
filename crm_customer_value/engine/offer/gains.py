"""What customers gained by a product, told so that nobody finds out what one of them gained.

A mean is that of ten or more, none of whom makes more than half of it, and is rounded to a step that one of them alone
hardly moves it by: whoever sees it before and after a customer was added learns nothing of that one. Customers of whom
a user may read measurements are never in one mean with customers of whom they may not, as in ``engine/benefit/peers``.
"""

from math import floor, log10
from typing import NamedTuple

from odoo.tools import SQL

from ..benefit import peers, scores

# Measurements of so many months are told as what customers gained in a year.
MONTHS = 12
# Sums of floats are not quite what they should be.
DUST = 1e-9


class Group(NamedTuple):
    """Customers who were measured with a product."""

    customers: int
    gain: float  # of all of them, in company currency
    largest: float  # what one of them gained or lost, at the most


class Gain(NamedTuple):
    """What may be told of a product."""

    mean: float  # of a customer in a year, in company currency, rounded
    customers: int


def gained_sql(company_id, own_id, start, as_of, digits, others):
    """Return the SQL of what customers gained by products from one day to another, by who may read of them.

    Its columns: product_id, user_id (salesperson of the customers; NULL: nobody, so that everybody reads of them),
    is_shared (others may read some of it, too), customers, gain and largest (see :class:`Group`). What was measured
    without a product is about that of its goal.

    :param int own_id: commercial partner of the company itself, which is no customer
    :param int digits: of the currency of the company
    :param list others: ids of users who read what was measured for their goals, or entered by them, of customers who
        are not theirs, and do not read everything
    """
    return SQL(
        """SELECT product_id, user_id, is_shared, COUNT(*) AS customers, SUM(gain) AS gain, MAX(ABS(gain)) AS largest
             FROM (
                SELECT COALESCE(record.product_id, goal.product_id) AS product_id, customer.user_id,
                       COALESCE(BOOL_OR((goal.user_id <> customer.user_id AND goal.user_id = ANY(%(others)s))
                                        OR (record.create_uid <> customer.user_id
                                            AND record.create_uid = ANY(%(others)s))), FALSE) AS is_shared,
                       SUM(%(part)s) AS gain
                  FROM customer_benefit_record record
                  JOIN res_partner customer ON customer.id = record.commercial_partner_id
                  LEFT JOIN customer_benefit_goal goal ON goal.id = record.goal_id
                 WHERE record.company_id = %(company)s AND %(counted)s AND customer.id <> %(own)s
                   AND COALESCE(record.product_id, goal.product_id) IS NOT NULL
                 GROUP BY 1, customer.id) measured
            GROUP BY product_id, user_id, is_shared""",
        others=others, part=scores.part_within_sql(start, as_of, digits), company=company_id,
        counted=scores.counts_within_sql(start, as_of), own=own_id,
    )


def grouped_sql(company_id, user_id, *, sees_all):
    """Return the SQL of what may be told to a user: product_id, customers, gain and largest of groups of customers.

    A product has one row for the customers of whom the user reads everything, and one for those of whom they read
    nothing. Those of whom they may read something are in neither.

    :param bool sees_all: whether the user reads everything of everybody
    """
    mine = SQL("(%s OR gained.user_id IS NULL OR gained.user_id = %s)", sees_all, user_id)
    return SQL(
        """SELECT product_id, SUM(customers)::int AS customers, SUM(gain)::float8 AS gain,
                  MAX(largest)::float8 AS largest
             FROM customer_product_gain gained
            WHERE company_id = %(company)s AND (%(mine)s OR NOT is_shared)
            GROUP BY product_id, %(mine)s""",
        company=company_id, mine=mine,
    )


def step_of(least):
    """Return the smallest step that is not below a number, of 1, 2, 5, 10, 20, 50 and so on."""
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - DUST))


def told(group):
    """Return the :class:`Gain` of a :class:`Group`, or None where nothing is told: too few, or no gain."""
    if (
        group.customers < peers.PEERS_FROM or group.gain <= DUST
        or group.largest > peers.LARGEST_SHARE * group.gain * (1 + DUST)
    ):
        return None
    mean = group.gain / group.customers
    step = max(step_of(group.largest / group.customers), 10.0 ** (floor(log10(mean)) - peers.DIGITS + 1))
    return Gain(round(mean / step) * step, group.customers)


def told_of(groups):
    """Return the :class:`Gain` of the larger of the groups of a product of which something may be told, or None."""
    found = [gain for gain in map(told, groups) if gain]
    return max(found, key=lambda gain: gain.customers) if found else None
