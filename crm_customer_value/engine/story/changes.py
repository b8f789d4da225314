"""Which documents moved a customer's numbers between two days: who came, and who grew too old."""

from datetime import timedelta
from typing import NamedTuple

from odoo.tools import SQL

from ..fact import facts
from ..fact.payments import payments_sql

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
                            WHERE NOT unrated AND NOT unreal
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
    cr.execute(SQL("SELECT amount_due, amount_on_time FROM (%s) paid", payments_sql(scope)))
    return cr.fetchone() or (0.0, 0.0)


def payments_since(cr, scope, since):
    """Return the same of what fell due from ``since`` on: that day did not count then."""
    return payments(cr, scope._replace(window_days=(scope.as_of - since).days + 1))


class Event(NamedTuple):
    """Something that happened to a complaint after a day."""

    kind: str  # 'received', 'closed' or 'rated'
    day: str
    complaint: int
    rating: float | None


def complaints(cr, scope, since):
    """Return what happened to the complaints of one customer after ``since``, the latest first.

    :param cr: cursor
    :param facts.FactScope scope: of one customer; its ``as_of`` is the last day that counts now
    :param date since: the day to compare with
    """
    cr.execute(SQL(
        """WITH complaint AS (
               SELECT complaint.id, complaint.date_received, complaint.date_closed FROM customer_complaint complaint
                WHERE %(mine)s AND complaint.active AND %(partners)s)
           SELECT kind, %(day)s, id, rating FROM (
               SELECT id, 'received' AS kind, date_received AS at, NULL::float8 AS rating FROM complaint
                UNION ALL
               SELECT id, 'closed', date_closed, NULL FROM complaint
                UNION ALL
               SELECT complaint.id, 'rated', rated.rated_on, rated.rating
                 FROM complaint
                 JOIN rating_rating rated ON rated.res_id = complaint.id AND rated.res_model = 'customer.complaint'
                WHERE rated.consumed AND rated.rating BETWEEN 1 AND 5) event
            WHERE at >= %(start)s AND %(until)s
            ORDER BY at DESC, id, kind LIMIT %(limit)s""",
        mine=scope.mine("complaint"),
        partners=scope.partners(SQL("complaint.commercial_partner_id")),
        day=scope.day(SQL("at")), limit=NAMED_DOCUMENTS,
        start=scope.moment(since + timedelta(days=1)),
        until=scope.until(SQL("at")),
    ))
    return [Event(*row) for row in cr.fetchall()]
