"""What customers answered when we asked how it was, as facts of a recompute."""

from odoo.tools import SQL

from ..fact.measures import Measure
from .scales import SCALES

# Columns of the working table: NULL where a customer answered nothing.
COLUMNS = {"feedback_answers": "integer", "feedback_points": "numeric"}


def answers_sql(scope, scale):
    """SQL: the answers on one scale: partner_id, contact_id, answered, points."""
    return SQL(
        """SELECT feedback.commercial_partner_id AS partner_id, feedback.partner_id AS contact_id,
                  feedback.date_answered AS answered, feedback.points
             FROM customer_feedback feedback
            WHERE feedback.company_id = %s AND feedback.scale = %s AND feedback.date_answered IS NOT NULL
              AND feedback.points IS NOT NULL AND %s""",
        scope.company_id, scale, scope.partners(SQL("feedback.commercial_partner_id")),
    )


def measure(scope):
    """Return the measure of what customers answered, in the columns of :data:`COLUMNS`.

    Of each contact and scale, the latest answer of the period counts, as in the emotional score.
    """
    return Measure(COLUMNS, SQL(
        """SELECT partner_id, COUNT(*) AS feedback_answers, SUM(points) AS feedback_points
             FROM (
                SELECT DISTINCT ON (partner_id, contact_id, scale) partner_id, points
                  FROM (%(answers)s) answer
                 WHERE answered >= %(start)s AND %(until)s
                 ORDER BY partner_id, contact_id, scale, answered DESC, points DESC) latest
            WHERE partner_id IS NOT NULL
            GROUP BY partner_id""",
        answers=SQL(" UNION ALL ").join(
            SQL("SELECT %s AS scale, told.* FROM (%s) told", scale, answers_sql(scope, scale)) for scale in SCALES
        ),
        start=scope.moment(scope.window_start),
        until=scope.until(SQL("answered")),
    ))
