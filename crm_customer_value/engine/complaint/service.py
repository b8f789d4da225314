"""What customers say, as facts: complaints, how they were handled and rated, adopted suggestions.

Complaints that were merged into another one or found unjustified (rejected) count for nothing but the
money and time they cost; archived ones count for nothing at all. What is open on an earlier day is told
by the dates of a complaint: the history of its stages is not kept.
"""

from decimal import Decimal

from odoo.tools import SQL

from ..fact import evidence
from ..fact.facts import is_amount_sql

OPEN_STATES = ("received", "handling", "answered")
SEVERE = ("high", "critical")

# What resolving late, complaining with every purchase, and each open severe complaint take off, in
# tenths of points of 1000.
LATE_TENTHS = 100
RATE_TENTHS = 500
SEVERE_TENTHS = 300
# Complaints are held against this many more purchases than there were: one is no rate.
RATE_PRIOR_PURCHASES = 4
# How complaints were handled counts as much as this many ratings.
RATING_PRIOR = 2
# Points of loyalty for an adopted suggestion, in tenths, and how many of them count.
ADOPTED_TENTHS = 50
ADOPTED_MOST = 3

# (column of the working table, type): NULL where a customer said nothing.
COLUMNS = (
    ("complaints_open", "integer"),
    ("complaints_severe", "integer"),
    ("complaints_window", "integer"),
    ("complaints_late", "integer"),
    ("rating_count", "integer"),
    ("rating_sum", "numeric"),
    ("amount_served", "numeric"),
    ("amount_served_before", "numeric"),
    ("adopted", "integer"),
)


def moment_sql(scope, day):
    """SQL: the moment, in UTC, at which a day (a date, or SQL of one) begins where the company is."""
    return SQL("(%s::date::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')", day, scope.tz)


def _end_sql(scope):
    """SQL: the moment at which the last day that exists is over."""
    return moment_sql(scope, SQL("(%s::date + 1)", scope.as_of))


def open_sql(end):
    """SQL condition on a complaint ``contact``: it was open at the moment ``end``."""
    return SQL(
        """(contact.active AND contact.merged_into_id IS NULL
            AND (contact.state = ANY(%(states)s) OR contact.date_closed >= %(end)s))""",
        states=list(OPEN_STATES), end=end,
    )


def open_customers_sql(company_id, tz, as_of):
    """SQL: the customers of a company with an open complaint on a day."""
    end = SQL("((%s::date + 1)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')", as_of, tz)
    return SQL(
        """SELECT contact.commercial_partner_id FROM customer_complaint contact
            WHERE contact.company_id = %s AND contact.commercial_partner_id IS NOT NULL
              AND contact.date_received < %s AND %s""",
        company_id, end, open_sql(end),
    )


def _complaints_sql(scope):
    """SQL: complaints by customer, in the columns of :data:`COLUMNS`.

    A credit note made for a complaint counts as what was credited, so compensation counts as far as
    it is not credited.
    """
    return SQL(
        """SELECT contact.partner_id,
                  COUNT(*) FILTER (WHERE is_open) AS complaints_open,
                  COUNT(*) FILTER (WHERE is_open AND severity = ANY(%(severe)s)) AS complaints_severe,
                  COUNT(*) FILTER (WHERE counts AND inside) AS complaints_window,
                  COUNT(*) FILTER (WHERE counts AND inside AND late) AS complaints_late,
                  0 AS rating_count,
                  0 AS rating_sum,
                  SUM(cost) FILTER (WHERE inside) AS amount_served,
                  SUM(cost) FILTER (WHERE NOT inside AND before) AS amount_served_before,
                  0 AS adopted
             FROM (
                SELECT contact.commercial_partner_id AS partner_id, contact.severity,
                       %(open)s AS is_open,
                       contact.merged_into_id IS NULL
                           AND (contact.state <> 'rejected' OR contact.date_closed >= %(end)s) AS counts,
                       contact.date_received >= %(start)s AS inside,
                       contact.date_received >= %(earlier)s AS before,
                       contact.resolve_missed AND COALESCE(contact.resolve_deadline < %(end)s, TRUE) AS late,
                       CASE WHEN contact.compensation > 0 AND %(paid)s THEN GREATEST(contact.compensation - COALESCE((
                                SELECT SUM(-m.amount_untaxed_signed) FROM account_move m
                                 WHERE m.complaint_id = contact.id AND m.state = 'posted' AND %(credited)s
                                   AND m.move_type = 'out_refund' AND m.invoice_date <= %(as_of)s), 0), 0)
                            ELSE 0 END
                       + CASE WHEN contact.handling_hours > 0 AND %(worked)s
                              THEN ROUND(contact.handling_hours::numeric * %(hour)s, %(digits)s)
                              ELSE 0 END AS cost
                  FROM customer_complaint contact
                 WHERE contact.company_id = %(company)s
                   AND contact.active
                   AND %(among)s
                   AND contact.date_received < %(end)s
                   AND (contact.date_received >= %(earlier)s OR %(open)s)
                   AND %(partners)s) contact
            GROUP BY contact.partner_id""",
        paid=is_amount_sql(SQL("contact.compensation")),
        credited=is_amount_sql(SQL("m.amount_untaxed_signed")),
        worked=is_amount_sql(SQL("contact.handling_hours")),
        severe=list(SEVERE),
        open=open_sql(_end_sql(scope)),
        start=moment_sql(scope, scope.window_start),
        earlier=moment_sql(scope, SQL("(%s - %s)", scope.window_start, scope.window_days)),
        end=_end_sql(scope),
        as_of=scope.as_of,
        hour=Decimal(str(scope.hour_cost)),
        digits=scope.decimal_places,
        company=scope.company_id,
        among=scope.among(SQL("contact.partner_id")),
        partners=scope.partners,
    )


def _ratings_sql(scope):
    """SQL: what customers said in the window about how complaints were handled, 1 to 5."""
    return SQL(
        """SELECT contact.commercial_partner_id, 0, 0, 0, 0, COUNT(*), SUM(ROUND(rated.rating::numeric, 2)), 0, 0, 0
             FROM customer_complaint contact
             JOIN rating_rating rated ON rated.res_id = contact.id AND rated.res_model = 'customer.complaint'
            WHERE contact.company_id = %(company)s
              AND contact.active
              AND %(among)s
              AND rated.consumed AND rated.rating BETWEEN 1 AND 5
              AND COALESCE(rated.rated_on, rated.create_date) >= %(start)s
              AND COALESCE(rated.rated_on, rated.create_date) < %(end)s
              AND %(partners)s
            GROUP BY contact.commercial_partner_id""",
        company=scope.company_id,
        among=scope.among(SQL("contact.partner_id")),
        start=moment_sql(scope, scope.window_start),
        end=_end_sql(scope),
        partners=scope.partners,
    )


def _suggestions_sql(scope):
    """SQL: how many suggestions of each customer were adopted, ever.

    Who proposed what was merged into an adopted suggestion proposed it too; the same idea twice
    is one.
    """
    return SQL(
        """SELECT contact.commercial_partner_id, 0, 0, 0, 0, 0, 0, 0, 0, COUNT(DISTINCT way.adopted_id)
             FROM (
                WITH RECURSIVE way AS (
                    SELECT id, id AS adopted_id FROM customer_suggestion
                     WHERE company_id = %(company)s AND state = 'implemented' AND date_implemented <= %(as_of)s
                     UNION
                    SELECT merged.id, way.adopted_id
                      FROM way JOIN customer_suggestion merged ON merged.merged_into_id = way.id)
                SELECT * FROM way) way
             JOIN customer_suggestion contact ON contact.id = way.id
            WHERE %(among)s AND %(partners)s
            GROUP BY contact.commercial_partner_id""",
        company=scope.company_id,
        as_of=scope.as_of,
        among=scope.among(SQL("contact.partner_id")),
        partners=scope.partners,
    )


def service_sql(scope):
    """SQL: what is known of each customer who ever said something: partner_id and :data:`COLUMNS`."""
    names = [name for name, _kind in COLUMNS]
    return SQL(
        """SELECT partner_id, %(sums)s
             FROM (%(complaints)s UNION ALL %(ratings)s UNION ALL %(suggestions)s) said
            WHERE partner_id IS NOT NULL
            GROUP BY partner_id""",
        sums=SQL(", ").join(
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name)) for name in names
        ),
        complaints=_complaints_sql(scope),
        ratings=_ratings_sql(scope),
        suggestions=_suggestions_sql(scope),
    )


def columns_sql(alias=None):
    """SQL: the list of :data:`COLUMNS`, with an alias where one is given."""
    return SQL(", ").join(SQL.identifier(*filter(None, (alias, name))) for name, _kind in COLUMNS)


def satisfaction_sql():
    """SQL: the satisfaction score in tenths over work row ``w``; NULL for who said nothing.

    Starting at 100, 10 points go for each complaint of the window that was resolved late, and up to
    50 for complaining: all of them for a complaint with each purchase, four more purchases being
    assumed. That counts as two ratings; each rating is worth 0 (1 of 5) to 100 (5 of 5). From the
    mean, 30 points go for each severe complaint that is open. In whole numbers up to one division,
    so that the last digit is right.
    """
    return SQL(
        """CASE WHEN COALESCE(w.complaints_window, 0) + COALESCE(w.complaints_open, 0)
                     + COALESCE(w.rating_count, 0) > 0 THEN
            GREATEST(0, ROUND(
                (%(weight)s * GREATEST(0, (1000 - %(late)s * w.complaints_late) * %(bought)s
                                          - %(rate)s * LEAST(w.complaints_window, %(bought)s))
                 + 250 * (w.rating_sum - w.rating_count) * %(bought)s)
                / (%(bought)s * (%(weight)s + w.rating_count))::numeric
            )::int - %(severe)s * w.complaints_severe) END""",
        bought=SQL("(w.order_count_12m + %s)", RATE_PRIOR_PURCHASES),
        weight=RATING_PRIOR, late=LATE_TENTHS, rate=RATE_TENTHS, severe=SEVERE_TENTHS,
    )


def evidence_sql():
    """SQL: the evidence behind satisfaction, 0 to 1000, over work row ``w``: see :mod:`evidence`.

    Each complaint and each rating is an answer; a severe complaint that is open is evidence enough.
    """
    return SQL(
        "CASE WHEN w.complaints_severe > 0 THEN %s ELSE %s END",
        evidence.FULL,
        evidence.share_sql(
            SQL(
                "(GREATEST(COALESCE(w.complaints_window, 0), COALESCE(w.complaints_open, 0))"
                " + COALESCE(w.rating_count, 0))"
            ),
            evidence.SATISFACTION_HALF,
        ),
    )


def adopted_sql():
    """SQL: the tenths that adopted suggestions add to the loyalty of who bought, over work row ``w``."""
    return SQL(
        "CASE WHEN w.purchase_days > 0 THEN %s * LEAST(COALESCE(w.adopted, 0), %s) ELSE 0 END",
        ADOPTED_TENTHS, ADOPTED_MOST,
    )
