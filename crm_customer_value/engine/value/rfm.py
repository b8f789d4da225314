"""RFM: scores by cut-points, and the segments named after them."""

from odoo.tools import SQL

# The share of customers at or below each cut-point, in percent: quintiles.
QUINTILES = (20, 40, 60, 80)

# One ordered table: the first row whose bounds hold names the segment. A row reads
# (segment, lowest R, highest R, lowest mean of F and M). The bounds of the last row of
# each R band start at 1, so the table has no gap; being ordered, it has no overlap.
SEGMENT_TABLE = (
    ("champions", 4, 5, 4.0),
    ("loyal", 3, 5, 3.0),
    ("potential_loyalist", 4, 5, 2.0),
    ("new", 5, 5, 1.0),
    ("promising", 4, 4, 1.0),
    ("need_attention", 3, 3, 2.0),
    ("about_to_sleep", 3, 3, 1.0),
    ("cant_lose", 1, 2, 4.0),
    ("at_risk", 1, 2, 2.5),
    ("hibernating", 2, 2, 1.0),
    ("lost", 1, 1, 1.0),
)


def segment_sql(recency, frequency, monetary):
    """Return the SQL of the segment: a name of :data:`SEGMENT_TABLE`, NULL where there is nothing to score.

    :param SQL recency: R score, 1 to 5 (0: nothing to score)
    :param SQL frequency: F score, likewise
    :param SQL monetary: M score, likewise
    """
    branches = SQL(" ").join(
        SQL(
            "WHEN %(r)s BETWEEN %(low)s AND %(high)s AND %(f)s + %(m)s >= %(least)s THEN %(name)s",
            r=recency, f=frequency, m=monetary,
            low=low, high=high, least=int(least * 2), name=name,
        )
        for name, low, high, least in SEGMENT_TABLE
    )
    return SQL(
        "CASE WHEN 0 IN (%s, %s, %s) THEN NULL %s END", recency, frequency, monetary, branches
    )


def ascending_score_sql(value, cuts):
    """Return the SQL of a 1 to 5 score where more is better (F and M).

    Equal values get equal scores, because a score depends on the value alone: one plus
    the number of cut-points that lie strictly below the value.

    :param SQL value: the numeric expression to score
    :param list cuts: four ascending numbers
    """
    return SQL("(1 + %s)", SQL(" + ").join(SQL("(%s > %s)::int", value, cut) for cut in cuts))


def descending_score_sql(value, cuts):
    """Return the SQL of a 5 to 1 score where less is better (R, in days).

    :param SQL value: the numeric expression to score
    :param list cuts: four ascending numbers
    """
    return SQL("(5 - %s)", SQL(" - ").join(SQL("(%s > %s)::int", value, cut) for cut in cuts))
