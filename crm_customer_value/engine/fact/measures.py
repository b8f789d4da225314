"""From facts to the plain measures of each customer, gathered into a working table, batch by batch."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from . import facts

# The back-test of a prediction looks at this many weeks that the test's model did not see.
HOLDOUT_WEEKS = 26
# Revenue within this share of that of the window before is steady.
TREND_TOLERANCE = Decimal("0.10")

# (column, type) of the working table that come from purchases: one row is one customer with facts.
PURCHASE_COLUMNS = (
    ("partner_id", "integer NOT NULL"),
    ("revenue_total", "numeric NOT NULL"),
    ("margin_total", "numeric"),
    ("revenue_12m", "numeric NOT NULL"),
    ("margin_12m", "numeric"),
    ("revenue_previous_12m", "numeric NOT NULL"),
    ("margin_previous_12m", "numeric"),
    ("order_count", "integer NOT NULL"),
    ("order_count_12m", "integer NOT NULL"),
    ("purchase_days", "integer NOT NULL"),
    ("purchase_days_12m", "integer NOT NULL"),
    ("purchase_days_before", "integer NOT NULL"),
    ("first_purchase_date", "date"),
    ("last_purchase_date", "date"),
    ("first_revenue", "numeric"),
    ("gap_count", "integer NOT NULL"),
    ("own_gap", "double precision"),
    # What was known at the anchor of the prediction (see outlook.py), and at the cut of its
    # back-test, a hold-out period before.
    ("fit_days", "integer NOT NULL"),
    ("fit_last", "date"),
    ("fit_revenue", "numeric"),
    ("fit_margin", "numeric"),
    ("fit_log_gaps", "double precision"),
    ("fit_square_gaps", "double precision"),
    ("cut_days", "integer NOT NULL"),
    ("cut_last", "date"),
    ("cut_gap", "double precision"),
    ("cut_square_gaps", "double precision"),
)


class Measure(NamedTuple):
    """What is known of customers beside their purchases, as columns of the working table.

    A customer of whom ``query`` has no row has NULL in them.
    """

    columns: dict  # {column: SQL type}
    query: SQL  # partner_id (a commercial partner, at most one row each) and these columns, by their names
    prospects: bool = True  # whether it is asked about those who have not bought yet, too


def work_columns(scope):
    """Return the columns of the working table, {column: SQL type}: those of purchases, then those of the measures.

    :raise ValueError: if two of these want the same column
    """
    columns = dict(PURCHASE_COLUMNS)
    owners = dict.fromkeys(columns, "purchases")
    for name, measure in scope.measures(scope).items():
        for column, kind in measure.columns.items():
            if column in columns:
                raise ValueError(
                    f"The measure {name!r} has a column {column!r}, as {owners[column]!r} has. Rename one of them."
                )
            columns[column], owners[column] = kind, name
    return columns


def _measures_sql(measures):
    """SQL of {name: Measure} for a query of customers: the names of the columns, their values, and the joins.

    The values start with a comma each, and the joins need a ``partner_id``.
    """
    names, values, joins = SQL(), SQL(), SQL()
    for name, measure in measures.items():
        alias = f"measure_{name}"
        names = SQL("%s, %s", names, SQL(", ").join(map(SQL.identifier, measure.columns)))
        values = SQL("%s, %s", values, facts.columns_sql(alias, measure.columns))
        joins = SQL("%s LEFT JOIN (%s) %s USING (partner_id)", joins, measure.query, SQL.identifier(alias))
    return names, values, joins


def create_work_table_sql(scope, table, *, temporary):
    """Return the DDL of a working table.

    Unlogged, because a crash may lose it (the run then gathers again); temporary for a
    recompute that is over within one transaction.

    :param facts.FactScope scope: of the run, of whichever customers
    :param str table: name of the table
    :param bool temporary: dropped at the end of the transaction
    """
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in work_columns(scope).items()
    )
    if temporary:
        return SQL("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP", SQL.identifier(table), columns)
    return SQL("CREATE UNLOGGED TABLE %s (%s)", SQL.identifier(table), columns)


def index_sql(table):
    """Return the DDL of the primary key of a complete working table.

    It is made when all rows are there: that takes a fraction of keeping it while they come.
    """
    return SQL("ALTER TABLE %s ADD PRIMARY KEY (partner_id)", SQL.identifier(table))


def gather_sql(scope, table):
    """Return the statement that adds the measures of one batch of customers to ``table``.

    Gaps are the days between purchase days that follow each other; ``own_gap`` is their
    median. Amounts of the window are those of the ``window_days`` days up to ``as_of``,
    "previous" those of as many days before. ``first_revenue`` is that of the first purchase day.

    Documents are sorted by customer and day once. ``gap`` is the distance to the purchase before; where
    it is zero, that purchase was on the same day and this one opens no new purchase day. What most
    documents would add to is counted by the few that do not.

    :param facts.FactScope scope: what to read
    :param str table: the working table
    """
    names, values, joins = _measures_sql(scope.measures(scope))
    return SQL(
        """INSERT INTO %(table)s (%(columns)s%(names)s)
        WITH spaced AS (
            SELECT fact.*,
                   day >= %(start)s AS inside,
                   day < %(start)s AND day >= %(start)s - %(window)s AS before,
                   CASE WHEN purchase THEN day - MAX(day) FILTER (WHERE purchase) OVER earlier END AS gap,
                   purchase AND COALESCE(MIN(day) FILTER (WHERE purchase) OVER earlier, day) = day AS first
              FROM (%(facts)s) fact
            WINDOW earlier AS (
                PARTITION BY partner_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ), measured AS (
            SELECT partner_id,
                   SUM(revenue) AS revenue_total,
                   SUM(margin) AS margin_total,
                   COALESCE(SUM(revenue) FILTER (WHERE inside), 0) AS revenue_12m,
                   SUM(margin) FILTER (WHERE inside) AS margin_12m,
                   COALESCE(SUM(revenue) FILTER (WHERE before), 0) AS revenue_previous_12m,
                   SUM(margin) FILTER (WHERE before) AS margin_previous_12m,
                   COUNT(*) FILTER (WHERE purchase) AS order_count,
                   COUNT(*) FILTER (WHERE purchase AND inside) AS order_count_12m,
                   COUNT(*) FILTER (WHERE gap = 0) AS same_day,
                   COUNT(*) FILTER (WHERE gap = 0 AND inside) AS same_day_12m,
                   COUNT(*) FILTER (WHERE purchase AND before AND gap IS DISTINCT FROM 0) AS purchase_days_before,
                   MIN(day) FILTER (WHERE purchase) AS first_purchase_date,
                   MAX(day) FILTER (WHERE purchase) AS last_purchase_date,
                   SUM(revenue) FILTER (WHERE first) AS first_revenue,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) FILTER (WHERE gap > 0) AS own_gap,
                   COUNT(*) FILTER (WHERE day > %(anchor)s AND purchase AND gap IS DISTINCT FROM 0) AS later_days,
                   MAX(day) FILTER (WHERE purchase AND day <= %(anchor)s) AS fit_last,
                   SUM(revenue) FILTER (WHERE day > %(anchor)s) AS later_revenue,
                   SUM(margin) FILTER (WHERE day > %(anchor)s) AS later_margin,
                   SUM(LN(gap / 7.0::float8)) FILTER (WHERE gap > 0 AND day <= %(anchor)s) AS fit_log_gaps,
                   SUM(gap * gap::float8) FILTER (WHERE day <= %(anchor)s) AS fit_square_gaps,
                   COUNT(*) FILTER (WHERE purchase AND gap IS DISTINCT FROM 0 AND day <= %(cut)s) AS cut_days,
                   MAX(day) FILTER (WHERE purchase AND day <= %(cut)s) AS cut_last,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) FILTER (WHERE gap > 0 AND day <= %(cut)s)
                       AS cut_gap,
                   SUM(gap * gap::float8) FILTER (WHERE day <= %(cut)s) AS cut_square_gaps
              FROM spaced
             GROUP BY partner_id
        ), bought AS (
        SELECT partner_id, revenue_total, margin_total, revenue_12m, margin_12m,
               revenue_previous_12m, margin_previous_12m,
               order_count, order_count_12m, order_count - same_day, order_count_12m - same_day_12m,
               purchase_days_before, first_purchase_date, last_purchase_date, first_revenue,
               GREATEST(order_count - same_day - 1, 0), own_gap,
               order_count - same_day - later_days, fit_last,
               revenue_total - COALESCE(later_revenue, 0), margin_total - COALESCE(later_margin, 0),
               fit_log_gaps, fit_square_gaps, cut_days, cut_last, cut_gap, cut_square_gaps
          FROM measured
        )
        SELECT bought.*%(values)s
          FROM bought %(joins)s""",
        table=SQL.identifier(table),
        columns=SQL(", ").join(SQL.identifier(name) for name, _kind in PURCHASE_COLUMNS),
        names=names,
        values=values,
        joins=joins,
        facts=facts.facts_sql(scope),
        start=scope.window_start,
        window=scope.window_days,
        anchor=scope.anchor,
        cut=scope.anchor - timedelta(weeks=HOLDOUT_WEEKS),
    )


def new_prospects_sql(scope, table):
    """SQL: the ids of who has not bought yet, but may: those who are not in ``table``.

    :param facts.FactScope scope: the batch that was gathered
    :param str table: the working table
    """
    return SQL(
        """SELECT partner_id FROM (%s) prospect
            WHERE NOT EXISTS (SELECT 1 FROM %s known WHERE known.partner_id = prospect.partner_id)""",
        facts.prospects_sql(scope), SQL.identifier(table),
    )


def prospects_sql(scope, table, found):
    """Return the statement that adds who has not bought yet, but may, to ``table``.

    :param facts.FactScope scope: of these customers only: their measures would be found for everybody else
    :param str table: the working table
    :param list found: ids of :func:`new_prospects_sql`
    """
    zeros = [name for name, kind in PURCHASE_COLUMNS if kind.endswith("NOT NULL") and name != "partner_id"]
    names, values, joins = _measures_sql(
        {name: measure for name, measure in scope.measures(scope).items() if measure.prospects}
    )
    return SQL(
        """INSERT INTO %(table)s (partner_id, %(columns)s%(names)s)
           SELECT partner_id, %(zeros)s%(values)s
             FROM UNNEST(%(found)s) prospect (partner_id) %(joins)s""",
        table=SQL.identifier(table),
        columns=SQL(", ").join(map(SQL.identifier, zeros)),
        names=names,
        zeros=SQL(", ").join([SQL("0")] * len(zeros)),
        values=values,
        found=found,
        joins=joins,
    )


def fractions(percents):
    """Return percents as the fractions ``PERCENTILE_DISC`` takes, safe from rounding.

    It takes the row number CEIL(fraction * rows) in floating point, where 0.57 of 23,500 rows
    is a little more than row 13,395. A fraction that is smaller by 1e-12 gives the right row:
    whole percents of fewer than a billion rows are never that close below the next row.
    """
    return [percent / 100 - 1e-12 for percent in percents]
