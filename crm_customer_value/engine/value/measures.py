"""From facts to the plain measures of each customer, and from those to cut-points.

Measures are gathered into a working table, batch by batch. Everything that compares
customers with each other (cut-points) is then read from that table in a few aggregates.
"""

from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

from ..complaint import service
from . import facts, rfm

# The back-test of a prediction looks at this many weeks that the test's model did not see.
HOLDOUT_WEEKS = 26

# Customers are compared from so many buyers in the window on, and until there are fewer than so many: with few,
# the only customer would be among the best there are.
RANKED_FROM = 20
RANKED_UNTIL = 15

# (column, type) of the working table: one row is one customer with facts.
WORK_COLUMNS = (
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
    ("amount_due", "numeric"),
    ("amount_on_time", "numeric"),
    ("amounts_due", "integer"),
    ("amount_credited", "numeric"),
    ("margin_credited", "numeric"),
    ("margin_credited_before", "numeric"),
    *service.COLUMNS,
)


def create_work_table_sql(table, *, temporary):
    """Return the DDL of a working table.

    Unlogged, because a crash may lose it (the run then gathers again); temporary for a
    recompute that is over within one transaction.

    :param str table: name of the table
    :param bool temporary: dropped at the end of the transaction
    """
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in WORK_COLUMNS
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
    return SQL(
        """INSERT INTO %(table)s (%(columns)s)
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
        )
        SELECT partner_id, revenue_total, margin_total, revenue_12m, margin_12m,
               revenue_previous_12m, margin_previous_12m,
               order_count, order_count_12m, order_count - same_day, order_count_12m - same_day_12m,
               purchase_days_before, first_purchase_date, last_purchase_date, first_revenue,
               GREATEST(order_count - same_day - 1, 0), own_gap,
               order_count - same_day - later_days, fit_last,
               revenue_total - COALESCE(later_revenue, 0), margin_total - COALESCE(later_margin, 0),
               fit_log_gaps, fit_square_gaps, cut_days, cut_last, cut_gap, cut_square_gaps,
               paid.due, paid.on_time, paid.amounts, credits.credited, credits.margin, credits.margin_before,
               %(said_columns)s
          FROM measured
          LEFT JOIN (%(payments)s) paid USING (partner_id)
          LEFT JOIN (%(credits)s) credits USING (partner_id)
          LEFT JOIN (%(said)s) said USING (partner_id)""",
        table=SQL.identifier(table),
        columns=SQL(", ").join(SQL.identifier(name) for name, _kind in WORK_COLUMNS),
        facts=facts.facts_sql(scope),
        payments=facts.payments_sql(scope),
        credits=facts.credits_sql(scope),
        said=service.service_sql(scope),
        said_columns=service.columns_sql("said"),
        start=scope.window_start,
        window=scope.window_days,
        anchor=scope.anchor,
        cut=scope.anchor - timedelta(weeks=HOLDOUT_WEEKS),
    )


def prospects_sql(scope, table):
    """Return the statement that adds who has not bought yet, but may, to ``table``.

    :param facts.FactScope scope: the batch that was gathered
    :param str table: the working table
    """
    zeros = {name for name, kind in WORK_COLUMNS if kind.endswith("NOT NULL")} - {"partner_id"}
    names = ["partner_id", *(name for name, _kind in WORK_COLUMNS if name in zeros)]
    return SQL(
        """INSERT INTO %(table)s (%(columns)s, %(said_columns)s)
           SELECT prospect.partner_id, %(zeros)s, %(said_columns)s
             FROM (%(prospects)s) prospect LEFT JOIN (%(said)s) said USING (partner_id)
            WHERE NOT EXISTS (SELECT 1 FROM %(table)s known WHERE known.partner_id = prospect.partner_id)""",
        table=SQL.identifier(table),
        columns=SQL(", ").join(SQL.identifier(name) for name in names),
        zeros=SQL(", ").join([SQL("0")] * len(zeros)),
        prospects=facts.prospects_sql(scope),
        said=service.service_sql(scope),
        said_columns=service.columns_sql(),
    )


def fractions(percents):
    """Return percents as the fractions ``PERCENTILE_DISC`` takes, safe from rounding.

    It takes the row number CEIL(fraction * rows) in floating point, where 0.57 of 23,500 rows
    is a little more than row 13,395. A fraction that is smaller by 1e-12 gives the right row:
    whole percents of fewer than a billion rows are never that close below the next row.
    """
    return [percent / 100 - 1e-12 for percent in percents]


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
        **_company_points(cr, work),
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


def _company_points(cr, work):
    """Return what :func:`cut_points` knows of the company as a whole, however few its customers are.

    Its growth leaves out what customers returned beyond their purchases: one giant return would say that
    everybody else outgrew the company.
    """
    cr.execute(SQL(
        """SELECT (PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY own_gap))::text,
                  ROUND(SUM(GREATEST(revenue_12m, 0)) / NULLIF(SUM(GREATEST(revenue_previous_12m, 0)), 0), 6)::text,
                  (PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY first_revenue))::text,
                  COUNT(*) FILTER (WHERE purchase_days_before > 0),
                  COUNT(*) FILTER (WHERE purchase_days_before > 0 AND purchase_days_12m > 0)
             FROM %s""",
        work,
    ))
    # Numerics are read as text: Odoo's cursor would make floats of them, and a cut-point that
    # differs in the last bit from the value it was taken from moves that customer.
    return dict(zip(("gap", "growth", "first", "buyers_before", "buyers_again"), cr.fetchone(), strict=True))


def read_cut_points(stored):
    """Return the cut-points of :func:`cut_points` with their numerics as ``Decimal``.

    :param dict stored: as they came out of the database
    """
    points = dict(stored)
    for key in ("monetary", "value", "clv"):
        points[key] = [Decimal(item) for item in points[key]]
    for key in ("pareto_a", "pareto_b", "gap", "growth", "first"):
        points[key] = None if points.get(key) is None else Decimal(points[key])
    return points
