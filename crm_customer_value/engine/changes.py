"""Which documents moved a customer's numbers between two days: who came, and who grew too old."""

from datetime import timedelta
from typing import NamedTuple

from odoo.tools import SQL

from . import facts

# So many documents of each kind are named; the rest is counted and summed.
NAMED_DOCUMENTS = 20


class Document(NamedTuple):
    """One document that counts now and did not then, or the other way round."""

    kind: str  # 'new' or 'dropped'
    day: str
    name: str
    revenue: float
    margin: float | None
    number: int  # of the documents of this kind
    total: float  # their revenue


def documents(cr, scope, since, window_end):
    """Return the documents behind a change, the largest of each kind first.

    New are the documents after ``since``; dropped are those that lay in the window that ended with
    ``since`` and lie before the one that ends with ``window_end``.

    :param cr: cursor
    :param facts.FactScope scope: of one customer; its ``as_of`` is the last day that counts now
    :param date since: the day to compare with
    :param date window_end: the last day of today's window, at most ``scope.as_of``
    """
    window = timedelta(days=scope.window_days)
    cr.execute(SQL(
        """SELECT kind, day, name, revenue, margin, number, total
             FROM (SELECT d.*,
                          COUNT(*) OVER same AS number,
                          SUM(revenue) OVER same AS total,
                          ROW_NUMBER() OVER (
                              PARTITION BY kind ORDER BY ABS(revenue) DESC, day DESC, name) AS place
                     FROM (SELECT document.*, CASE WHEN day > %(since)s THEN 'new' ELSE 'dropped' END AS kind
                             FROM (%(documents)s) document
                            WHERE NOT unrated
                              AND (day > %(since)s OR day > %(then)s AND day <= %(now)s)) d
                   WINDOW same AS (PARTITION BY kind)) counted
            WHERE place <= %(limit)s
            ORDER BY kind DESC, place""",
        documents=facts.documents_sql(scope), since=since,
        then=since - window, now=min(window_end - window, since), limit=NAMED_DOCUMENTS,
    ))
    return [Document(*row) for row in cr.fetchall()]


def payments(cr, scope):
    """Return (money that fell due in the scope's window, how much of it was paid on time)."""
    cr.execute(SQL("SELECT due, on_time FROM (%s) paid", facts.payments_sql(scope)))
    return cr.fetchone() or (0.0, 0.0)


def payments_since(cr, scope, since):
    """Return the same of what fell due from ``since`` on: that day did not count then."""
    return payments(cr, scope._replace(window_days=(scope.as_of - since).days + 1))
