"""From the measures of all customers to the cut-points that compare them with each other.

They are read from the complete working table in a few aggregates.
"""

from decimal import Decimal

from odoo.tools import SQL

from ..fact.measures import fractions
from . import rfm

# Customers are compared from so many buyers in the window on, and until there are fewer than so many: with few,
# the only customer would be among the best there are.
RANKED_FROM = 20
RANKED_UNTIL = 15


def cut_points(cr, table, as_of, *, basis, class_basis, pareto_a, pareto_b, ranked):
    """Compare all customers of a working table and return the cut-points.

    :param cr: cursor
    :param str table: the working table, complete
    :param date as_of: last day of the window
    :param str basis: 'margin' or 'revenue', what "current value" measures
    :param str class_basis: 'margin' or 'revenue', what the classes go by
    :param float pareto_a: class A ends at this share of that, in percent
    :param float pareto_b: class B ends at this share, in percent
    :param bool ranked: the customers were compared the last time
    :return: dict that JSON keeps exactly (numerics as text):
        ``active`` customers who bought in the window;
        ``ranked``: whether those are enough to compare; without, all that compares is empty;
        ``recency`` (days), ``frequency`` (purchase days), ``monetary``: four quintiles each,
        empty without active customers;
        ``pareto_a``, ``pareto_b``: the lowest revenue, or margin, that still is in the class, or None;
        ``basis``, ``class_basis``: what current value and the classes measure in fact: revenue where no
        margin is known;
        ``value``: the 1st to 100th percentile of current value above zero;
        ``gap``: the company's typical gap in days, the median of its customers' medians;
        ``growth``: revenue of the window over that of the window before, or None;
        ``first``: the median revenue of a first purchase day, or None;
        ``worth``: the median of what customers brought so far, in the amounts of ``basis``, of those above zero, or
        None;
        ``buyers_before``, ``buyers_again``: who bought in the window before, and of those in the window, too.
    """
    work = SQL.identifier(table)
    cr.execute(SQL(
        """SELECT COUNT(*),
                  PERCENTILE_DISC(%(shares)s::float8[]) WITHIN GROUP (
                      ORDER BY %(as_of)s::date - last_purchase_date),
                  PERCENTILE_DISC(%(shares)s::float8[]) WITHIN GROUP (ORDER BY purchase_days_12m),
                  (PERCENTILE_DISC(%(shares)s::float8[]) WITHIN GROUP (ORDER BY revenue_12m))::text[],
                  COUNT(margin_12m)
             FROM %(work)s WHERE purchase_days_12m > 0""",
        shares=fractions(rfm.QUINTILES), as_of=as_of, work=work,
    ))
    active, recency, frequency, monetary, margins = cr.fetchone()
    basis, class_basis = (wanted if margins else "revenue" for wanted in (basis, class_basis))
    points = {
        "active": active,
        "ranked": active >= (RANKED_UNTIL if ranked else RANKED_FROM),
        "basis": basis,
        "class_basis": class_basis,
        "recency": [],
        "frequency": [],
        "monetary": [],
        "value": [],
        "pareto_a": None,
        "pareto_b": None,
        **_company_points(cr, work, basis),
    }
    if not points["ranked"]:
        return points
    column = SQL.identifier("margin_12m" if basis == "margin" else "revenue_12m")
    cr.execute(SQL(
        """SELECT (PERCENTILE_DISC(%s::float8[]) WITHIN GROUP (ORDER BY %s))::text[]
             FROM %s WHERE %s > 0""",
        fractions(range(1, 101)), column, work, column,
    ))
    (value,) = cr.fetchone()
    # Customers with equal amounts stand or fall together, so "before them" sums what is
    # strictly larger, and a class comes down to one lowest revenue.
    cr.execute(SQL(
        """SELECT (MIN(amount) FILTER (WHERE before < %(a)s * total / 100))::text,
                  (MIN(amount) FILTER (WHERE before < %(b)s * total / 100))::text
             FROM (SELECT amount,
                          SUM(amount) OVER () AS total,
                          SUM(amount) OVER (ORDER BY amount DESC
                              RANGE UNBOUNDED PRECEDING) - amount * COUNT(*) OVER (
                              PARTITION BY amount) AS before
                     FROM (SELECT %(column)s AS amount FROM %(work)s) customer WHERE amount > 0) ranked""",
        a=Decimal(str(pareto_a)), b=Decimal(str(pareto_b)), work=work,
        column=SQL.identifier("margin_12m" if class_basis == "margin" else "revenue_12m"),
    ))
    class_a, class_b = cr.fetchone()
    return points | {
        "recency": recency or [],
        "frequency": frequency or [],
        "monetary": monetary or [],
        "pareto_a": class_a,
        "pareto_b": class_b,
        "value": value or [],
    }


def _company_points(cr, work, basis):
    """Return what :func:`cut_points` knows of the company as a whole, however few its customers are.

    Its growth leaves out what customers returned beyond their purchases: one giant return would say that
    everybody else outgrew the company.
    """
    cr.execute(SQL(
        """SELECT (PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY own_gap))::text,
                  ROUND(SUM(GREATEST(revenue_12m, 0)) / NULLIF(SUM(GREATEST(revenue_previous_12m, 0)), 0), 6)::text,
                  (PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY first_revenue))::text,
                  (PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY %(worth)s) FILTER (WHERE %(worth)s > 0))::text,
                  COUNT(*) FILTER (WHERE purchase_days_before > 0),
                  COUNT(*) FILTER (WHERE purchase_days_before > 0 AND purchase_days_12m > 0)
             FROM %(work)s""",
        work=work, worth=SQL.identifier("margin_total" if basis == "margin" else "revenue_total"),
    ))
    # Numerics are read as text: Odoo's cursor would make floats of them, and a cut-point that
    # differs in the last bit from the value it was taken from moves that customer.
    names = ("gap", "growth", "first", "worth", "buyers_before", "buyers_again")
    return dict(zip(names, cr.fetchone(), strict=True))


def read_cut_points(stored):
    """Return the cut-points of :func:`cut_points` with their numerics as ``Decimal``.

    :param dict stored: as they came out of the database
    """
    points = dict(stored)
    for key in ("monetary", "value", "clv"):
        points[key] = [Decimal(item) for item in points[key]]
    for key in ("pareto_a", "pareto_b", "gap", "growth", "first", "worth"):
        points[key] = None if points.get(key) is None else Decimal(points[key])
    return points
