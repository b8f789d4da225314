"""What customers say, as facts: complaints, how they were handled and rated, adopted suggestions.

Complaints that were merged into another one or found unjustified (rejected) count for nothing but the
money and time they cost; archived ones count for nothing at all. What is open on an earlier day is told
by the dates of a complaint: the history of its stages is not kept.
"""

from decimal import Decimal

from odoo.tools import SQL

from ..fact import evidence
from ..fact.facts import is_amount_sql
from ..fact.measures import Measure

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
# How many answers there are other than ratings, unless somebody says so.
NONE = SQL("0")
# Points of loyalty for an adopted suggestion, in tenths, and how many of them count.
ADOPTED_TENTHS = 50
ADOPTED_MOST = 3

# Columns of the working table: NULL where a customer said nothing.
COLUMNS = {
    "complaints_open": "integer",
    "complaints_severe": "integer",
    "complaints_window": "integer",
    "complaints_late": "integer",
    "rating_count": "integer",
    "rating_sum": "numeric",
    "amount_served": "numeric",
    "amount_served_before": "numeric",
    "adopted": "integer",
}


def open_sql(end):
    """SQL condition on a ``complaint``: it was open at the moment ``end``."""
    return SQL(
        """(complaint.active AND complaint.merged_into_id IS NULL
            AND (complaint.state = ANY(%(states)s) OR complaint.date_closed >= %(end)s))""",
        states=list(OPEN_STATES), end=end,
    )


def open_customers_sql(scope):
    """SQL: the customers of the scope's company with an open complaint on its last day."""
    return SQL(
        """SELECT complaint.commercial_partner_id FROM customer_complaint complaint
            WHERE complaint.company_id = %s AND complaint.commercial_partner_id IS NOT NULL AND %s AND %s""",
        scope.company_id, scope.until(SQL("complaint.date_received")), open_sql(scope.end),
    )


def _complaints_sql(scope, hour_cost):
    """SQL: complaints by customer.

    A credit note made for a complaint counts as what was credited, so compensation counts as far as
    it is not credited.
    """
    return SQL(
        """SELECT partner_id,
                  COUNT(*) FILTER (WHERE is_open) AS complaints_open,
                  COUNT(*) FILTER (WHERE is_open AND severity = ANY(%(severe)s)) AS complaints_severe,
                  COUNT(*) FILTER (WHERE counts AND inside) AS complaints_window,
                  COUNT(*) FILTER (WHERE counts AND inside AND late) AS complaints_late,
                  SUM(cost) FILTER (WHERE inside) AS amount_served,
                  SUM(cost) FILTER (WHERE NOT inside AND before) AS amount_served_before
             FROM (
                SELECT complaint.commercial_partner_id AS partner_id, complaint.severity,
                       %(open)s AS is_open,
                       complaint.merged_into_id IS NULL
                           AND (complaint.state <> 'rejected' OR complaint.date_closed >= %(end)s) AS counts,
                       complaint.date_received >= %(start)s AS inside,
                       complaint.date_received >= %(earlier)s AS before,
                       complaint.resolve_missed AND COALESCE(complaint.resolve_deadline < %(end)s, TRUE) AS late,
                       CASE WHEN complaint.compensation > 0 AND %(paid)s
                            THEN GREATEST(complaint.compensation - COALESCE((
                                SELECT SUM(-m.amount_untaxed_signed) FROM account_move m
                                 WHERE m.complaint_id = complaint.id AND m.state = 'posted' AND %(credited)s
                                   AND m.move_type = 'out_refund' AND m.invoice_date <= %(as_of)s), 0), 0)
                            ELSE 0 END
                       + CASE WHEN complaint.handling_hours > 0 AND %(worked)s
                              THEN ROUND(complaint.handling_hours::numeric * %(hour)s, %(digits)s)
                              ELSE 0 END AS cost
                  FROM customer_complaint complaint
                 WHERE %(mine)s
                   AND complaint.active
                   AND %(until)s
                   AND (complaint.date_received >= %(earlier)s OR %(open)s)
                   AND %(partners)s) complaint
            GROUP BY partner_id""",
        paid=is_amount_sql(SQL("complaint.compensation")),
        credited=is_amount_sql(SQL("m.amount_untaxed_signed")),
        worked=is_amount_sql(SQL("complaint.handling_hours")),
        severe=list(SEVERE),
        open=open_sql(scope.end),
        start=scope.moment(scope.window_start),
        earlier=scope.moment(SQL("(%s - %s)", scope.window_start, scope.window_days)),
        end=scope.end,
        as_of=scope.as_of,
        hour=Decimal(str(hour_cost)),
        digits=scope.decimal_places,
        mine=scope.mine("complaint"),
        until=scope.until(SQL("complaint.date_received")),
        partners=scope.partners(SQL("complaint.commercial_partner_id")),
    )


def _ratings_sql(scope):
    """SQL: what customers said in the window about how complaints were handled, 1 to 5."""
    said = SQL("COALESCE(rated.rated_on, rated.create_date)")
    return SQL(
        """SELECT complaint.commercial_partner_id AS partner_id,
                  COUNT(*) AS rating_count,
                  SUM(ROUND(rated.rating::numeric, 2)) AS rating_sum
             FROM customer_complaint complaint
             JOIN rating_rating rated ON rated.res_id = complaint.id AND rated.res_model = 'customer.complaint'
            WHERE %(mine)s
              AND complaint.active
              AND rated.consumed AND rated.rating BETWEEN 1 AND 5
              AND %(said)s >= %(start)s
              AND %(until)s
              AND %(partners)s
            GROUP BY complaint.commercial_partner_id""",
        mine=scope.mine("complaint"),
        said=said,
        start=scope.moment(scope.window_start),
        until=scope.until(said),
        partners=scope.partners(SQL("complaint.commercial_partner_id")),
    )


def _suggestions_sql(scope):
    """SQL: how many suggestions of each customer were adopted, ever.

    Who proposed what was merged into an adopted suggestion proposed it too; the same idea twice
    is one.
    """
    return SQL(
        """SELECT suggestion.commercial_partner_id AS partner_id, COUNT(DISTINCT way.adopted_id) AS adopted
             FROM (
                WITH RECURSIVE way AS (
                    SELECT id, id AS adopted_id FROM customer_suggestion
                     WHERE company_id = %(company)s AND state = 'implemented' AND date_implemented <= %(as_of)s
                     UNION
                    SELECT merged.id, way.adopted_id
                      FROM way JOIN customer_suggestion merged ON merged.merged_into_id = way.id)
                SELECT * FROM way) way
             JOIN customer_suggestion suggestion ON suggestion.id = way.id
            WHERE %(among)s AND %(partners)s
            GROUP BY suggestion.commercial_partner_id""",
        company=scope.company_id,
        as_of=scope.as_of,
        among=scope.among(SQL("suggestion.partner_id")),
        partners=scope.partners(SQL("suggestion.commercial_partner_id")),
    )


def measure(scope, hour_cost):
    """Return the measure of what customers said, in the columns of :data:`COLUMNS`.

    :param float hour_cost: what an hour spent on a complaint costs, in company currency
    """
    return Measure(COLUMNS, SQL(
        """WITH complained AS (%(complaints)s),
                rated AS (%(ratings)s),
                suggested AS (%(suggestions)s)
           SELECT partner_id, %(columns)s
             FROM complained
             FULL JOIN rated USING (partner_id)
             FULL JOIN suggested USING (partner_id)
            WHERE partner_id IS NOT NULL""",
        complaints=_complaints_sql(scope, hour_cost),
        ratings=_ratings_sql(scope),
        suggestions=_suggestions_sql(scope),
        columns=SQL(", ").join(SQL("COALESCE(%(name)s, 0) AS %(name)s", name=SQL.identifier(name)) for name in COLUMNS),
    ))


def satisfaction_sql(answers=NONE, points=NONE):
    """SQL: the satisfaction score in tenths over work row ``w``; NULL for who said nothing.

    Starting at 100, 10 points go for each complaint of the window that was resolved late, and up to
    50 for complaining: all of them for a complaint with each purchase, four more purchases being
    assumed. That counts as two ratings; each rating is worth 0 (1 of 5) to 100 (5 of 5). From the
    mean, 30 points go for each severe complaint that is open. In whole numbers up to one division,
    so that the last digit is right.

    :param SQL answers: how many other answers there are, each of which counts as a rating
    :param SQL points: what they add up to, each from 0 to 100
    """
    return SQL(
        """CASE WHEN %(complained)s + COALESCE(w.complaints_open, 0) + %(rated)s + %(answers)s > 0 THEN
            GREATEST(0, ROUND(
                (%(weight)s * GREATEST(0, (1000 - %(late)s * COALESCE(w.complaints_late, 0)) * %(bought)s
                                          - %(rate)s * LEAST(%(complained)s, %(bought)s))
                 + (250 * (COALESCE(w.rating_sum, 0) - %(rated)s) + 10 * %(points)s) * %(bought)s)
                / (%(bought)s * (%(weight)s + %(rated)s + %(answers)s))::numeric
            )::int - %(severe)s * COALESCE(w.complaints_severe, 0)) END""",
        bought=SQL("(w.order_count_12m + %s)", RATE_PRIOR_PURCHASES),
        complained=SQL("COALESCE(w.complaints_window, 0)"), rated=SQL("COALESCE(w.rating_count, 0)"),
        answers=answers, points=points,
        weight=RATING_PRIOR, late=LATE_TENTHS, rate=RATE_TENTHS, severe=SEVERE_TENTHS,
    )


def evidence_sql(answers=NONE):
    """SQL: the evidence behind satisfaction, 0 to 1000, over work row ``w``: see :mod:`evidence`.

    Each complaint, each rating and each of the other ``answers`` is one; a severe complaint that is open is evidence
    enough.
    """
    return SQL(
        "CASE WHEN w.complaints_severe > 0 THEN %s ELSE %s END",
        evidence.FULL,
        evidence.share_sql(
            SQL(
                "(GREATEST(COALESCE(w.complaints_window, 0), COALESCE(w.complaints_open, 0))"
                " + COALESCE(w.rating_count, 0) + %s)",
                answers,
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
