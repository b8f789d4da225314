"""What customers do for us by recommending us: whom they brought, what those are worth, and who would recommend us.

A customer was brought by one other: the one that is named on the customer itself, else on the contact that was there
first. Nobody brings somebody of their own family, and whoever was brought by a customer who was brought counts for
the one who brought them only.

Everything is as of a day, like purchases: a customer who has not bought by then was not brought by then. Who brought
whom has no history.
"""

from odoo.tools import SQL

from ..fact import evidence, facts
from ..fact.measures import Measure

# So many contacts who would recommend us say as much as one customer who was brought.
PROMOTERS_AS_ONE = 4
# From this answer on they would: 9 of 10, in points of 100.
PROMOTER_POINTS = 90

# Columns of the working table: NULL where nobody was brought, and nobody would recommend us.
COLUMNS = {
    "advocacy_brought": "integer",  # customers who bought
    "advocacy_revenue": "numeric",  # of them, since ever; who returned more than they bought counts as nothing
    "advocacy_known": "integer",  # customers who bought, and whose margin is known
    "advocacy_margin": "numeric",  # of them, since ever; who brought a loss counts as nothing
    "advocacy_promoters": "integer",  # contacts whose last answer of the period says that they would recommend us
}


def _brought_sql(scope):
    """SQL: who was brought by whom, of the customers of the scope: customer_id, partner_id (who brought them)."""
    return SQL(
        """SELECT customer_id, partner_id
             FROM (
                SELECT DISTINCT ON (told.commercial_partner_id)
                       told.commercial_partner_id AS customer_id, friend.commercial_partner_id AS partner_id
                  FROM res_partner told
                  JOIN res_partner friend ON friend.id = told.referred_by_id
                 WHERE told.referred_by_id IS NOT NULL
                   AND friend.commercial_partner_id <> told.commercial_partner_id
                 ORDER BY told.commercial_partner_id, told.id <> told.commercial_partner_id, told.id) first
            WHERE %s""",
        scope.partners(SQL("partner_id")),
    )


def _worth_sql(scope):
    """SQL: what the customers brought by each customer of the scope bought so far.

    Those are few, and each is looked up by its contacts, whoever else is read at the same time.
    """
    brought = _brought_sql(scope)
    theirs = scope._replace(
        partners=lambda customer: SQL("%s IN (SELECT customer_id FROM (%s) brought)", customer, brought),
        contacts=SQL(
            "ARRAY(SELECT member.id FROM res_partner member"
            " WHERE member.commercial_partner_id IN (SELECT customer_id FROM (%s) brought))",
            brought,
        ),
    )
    return SQL(
        """SELECT brought.partner_id, COUNT(*) AS brought, SUM(GREATEST(bought.revenue, 0)) AS revenue,
                  COUNT(bought.margin) AS known, SUM(GREATEST(bought.margin, 0)) FILTER (
                      WHERE bought.margin IS NOT NULL) AS margin
             FROM (%(brought)s) brought
             JOIN (SELECT partner_id, SUM(revenue) AS revenue, SUM(margin) AS margin
                     FROM (%(facts)s) fact
                    GROUP BY partner_id
                   HAVING BOOL_OR(purchase)) bought ON bought.partner_id = brought.customer_id
            GROUP BY brought.partner_id""",
        brought=brought, facts=facts.facts_sql(theirs),
    )


def _promoters_sql(scope):
    """SQL: how many contacts of each customer said last, in the period, that they would recommend us."""
    return SQL(
        """SELECT partner_id, COUNT(*) AS promoters
             FROM (
                SELECT DISTINCT ON (answer.commercial_partner_id, answer.partner_id)
                       answer.commercial_partner_id AS partner_id, answer.points
                  FROM customer_feedback answer
                 WHERE %(mine)s AND answer.scale = 'nps' AND answer.points IS NOT NULL
                   AND answer.date_answered >= %(start)s AND %(until)s AND %(partners)s
                 ORDER BY answer.commercial_partner_id, answer.partner_id, answer.date_answered DESC, answer.id DESC
             ) last
            WHERE points >= %(most)s
            GROUP BY partner_id""",
        mine=scope.mine("answer"), start=scope.moment(scope.window_start),
        until=scope.until(SQL("answer.date_answered")), most=PROMOTER_POINTS,
        partners=scope.partners(SQL("answer.commercial_partner_id")),
    )


def measure(scope):
    """Return the measure of what customers do by recommending us, in the columns of :data:`COLUMNS`."""
    return Measure(COLUMNS, SQL(
        """WITH worth AS (%(worth)s), promoting AS (%(promoters)s)
           SELECT partner_id, COALESCE(worth.brought, 0) AS advocacy_brought, worth.revenue AS advocacy_revenue,
                  COALESCE(worth.known, 0) AS advocacy_known, worth.margin AS advocacy_margin,
                  COALESCE(promoting.promoters, 0) AS advocacy_promoters
             FROM worth
             FULL JOIN promoting USING (partner_id)""",
        worth=_worth_sql(scope), promoters=_promoters_sql(scope),
    ))


# ---- how it is judged, over the working row ``w`` -------------------------------------------


def _by_margin(compared):
    return compared.points["basis"] == "margin"


def _brought_number_sql(compared):
    """SQL: the customers brought whose worth is known."""
    return SQL("COALESCE(w.advocacy_known, 0)" if _by_margin(compared) else "COALESCE(w.advocacy_brought, 0)")


def worth_sql(compared):
    """SQL: what the customers brought are worth: margin, or revenue where the company knows none; NULL if unknown."""
    return SQL("w.advocacy_margin" if _by_margin(compared) else "w.advocacy_revenue")


def score_sql(compared):
    """SQL: the score in tenths; NULL for whom nothing is known.

    50 + 50 x / (x + m). m is the median of what customers brought us so far, and x what the customers brought are
    worth, plus a quarter of m for each contact who would recommend us. So one ordinary customer makes 75, three make
    87.5, and nobody ever loses points by it.
    """
    median = compared.points.get("worth")
    if median is None:
        return SQL("NULL::int")
    return SQL(
        """CASE WHEN %(brought)s + COALESCE(w.advocacy_promoters, 0) > 0
                THEN ROUND(500 + 500 * (%(worth)s) / (%(worth)s + %(median)s::numeric))::int END""",
        brought=_brought_number_sql(compared),
        worth=SQL(
            "COALESCE(%s, 0) + %s::numeric * COALESCE(w.advocacy_promoters, 0) / %s",
            worth_sql(compared), median, PROMOTERS_AS_ONE,
        ),
        median=median,
    )


def evidence_sql(compared):
    """SQL: how much of the weight counts, 0 to 1000: half with one customer, or with four who would recommend us."""
    return evidence.share_sql(
        SQL("(%s * %s + COALESCE(w.advocacy_promoters, 0))", PROMOTERS_AS_ONE, _brought_number_sql(compared)),
        PROMOTERS_AS_ONE,
    )


def columns():
    """Return the columns of ``customer.value`` that come with the part: {column: SQL, or function of Compared}."""
    return {
        "brought_count": SQL("COALESCE(w.advocacy_brought, 0)"),
        "brought_worth": worth_sql,
        "promoter_count": SQL("COALESCE(w.advocacy_promoters, 0)"),
    }
