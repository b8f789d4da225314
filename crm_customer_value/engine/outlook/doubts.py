"""What in a company's purchases makes a prediction doubtful: told to the administrator, in numbers."""

from datetime import date, timedelta

from odoo.tools import SQL

from ..fact import facts
from ..fact.documents import with_taken_back

# A customer since before that day has a wrong date rather than a long history, and is not learned from.
FIRST_DAY = date(1970, 1, 1)
# Beyond every date that somebody might have entered.
LAST_DAY = date(9999, 1, 1)
WEEKS = 52


def customers(cr, table):
    """Return {doubt: customers} of a working table, of what there is.

    * ``before_1970``: with a first purchase that early;
    * ``negative_margin``: they cost more than they brought, so nothing is expected of them;
    * ``margin_above_revenue``: which only a wrong cost explains.
    """
    cr.execute(SQL(
        """SELECT COUNT(*) FILTER (WHERE first_purchase_date < %s),
                  COUNT(*) FILTER (WHERE fit_margin < 0),
                  COUNT(*) FILTER (WHERE fit_margin > fit_revenue AND fit_revenue > 0)
             FROM %s""",
        FIRST_DAY, SQL.identifier(table),
    ))
    names = ("before_1970", "negative_margin", "margin_above_revenue")
    return {name: number for name, number in zip(names, cr.fetchone(), strict=True) if number}


def weekly_purchases(cr, scope):
    """Return (purchases of each of the 52 weeks up to the anchor, purchases after ``as_of``)."""
    start = scope.anchor - timedelta(days=7 * WEEKS - 1)
    cr.execute(SQL(
        """SELECT CASE WHEN day > %(as_of)s THEN -1 ELSE (day - %(start)s) / 7 END, COUNT(*)
             FROM (%(facts)s) fact
            WHERE purchase AND (day BETWEEN %(start)s AND %(anchor)s OR day > %(as_of)s)
            GROUP BY 1""",
        as_of=scope.as_of, start=start, anchor=scope.anchor,
        facts=facts.facts_sql(with_taken_back(cr, scope._replace(as_of=LAST_DAY))),
    ))
    found = dict(cr.fetchall())
    return [found.get(week, 0) for week in range(WEEKS)], found.get(-1, 0)
