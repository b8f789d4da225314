"""From rows of a file to measurements: temporary tables, filled and judged by sets.

Everything up to ``store`` happens in temporary tables only.

    row     every row of the file, as understood
    metric  the different metrics and units that rows name, and what they mean
    rate    what a unit of the currencies of metrics is worth on the days of rows
    record  what readable rows make: the customer, metric, product and goal, and how that agrees with what there is

and those of ``source_file.staging``.
"""

from typing import NamedTuple

from odoo.tools import SQL

from ..source_file.staging import readable_sql, table, who_sql
from . import gain_sql

TABLES = ("metric", "rate", "record")


class StagingScope(NamedTuple):
    """Whose measurements these are, and how customers are recognised."""

    company_id: int
    company_ids: list  # the company and those above it, whose partners it shares
    root_company_id: int
    currency_id: int
    rounding: float
    match_order: tuple
    has_products: bool  # whether rows name products
    largest_gain: int  # that a column holds
    longest_days: int  # a period is shorter
    create_customers: bool = False  # who was measured is known


def read_metrics(cr):
    """Return the different (metric, unit) that readable rows name, in the order in which they come."""
    cr.execute(SQL(
        "SELECT metric, unit FROM %s r WHERE %s GROUP BY metric, unit ORDER BY MIN(row_no)",
        table("row"), readable_sql(SQL("r")),
    ))
    return cr.fetchall()


def load_metrics(cr, meanings):
    """Fill ``metric`` with what the names mean.

    :param meanings: tuples of metric and unit as the file writes them, id of the metric or None, why there is none,
        the unit to keep, and whether it is that of the metric
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(metric)s ON COMMIT DROP AS
        SELECT * FROM UNNEST(%(metrics)s::text[], %(units)s::text[], %(ids)s::int[], %(reasons)s::text[],
                             %(kept)s::text[], %(same)s::bool[])
            AS meant(metric, unit, metric_id, reason, kept_unit, same_unit)""",
        metric=table("metric"), **{
            name: [meaning[position] for meaning in meanings]
            for position, name in enumerate(("metrics", "units", "ids", "reasons", "kept", "same"))
        },
    ))
    cr.execute(SQL("ANALYZE %s", table("metric")))


def gather_records(cr, scope):
    """Fill ``record``: what each readable row says, whether it is known, and what is wrong with it."""
    _gather_rates(cr, scope)
    improvement = gain_sql.improvement_sql(SQL("found.value"), SQL("found.baseline"), SQL("found.lower"))
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(record)s ON COMMIT DROP AS
        WITH found AS (
            SELECT r.row_no, w.who, w.partner_id, meant.metric_id, i.product_id, goal.id AS goal_id,
                   r.date_from, r.date_to, r.value, r.baseline AS given_baseline,
                   COALESCE(r.baseline, goal.baseline) AS baseline, meant.kept_unit AS unit, meant.same_unit, r.note,
                   m.direction = 'lower' AS lower, m.money_per_unit, m.period, m.currency_id, m.typical_min,
                   m.typical_max,
                   CASE WHEN w.state <> 'found' THEN w.state
                        WHEN meant.metric_id IS NULL THEN meant.reason
                        WHEN r.product <> '' AND i.product_id IS NULL
                        THEN CASE WHEN i.several THEN 'products' ELSE 'product' END END AS reason
              FROM %(row)s r
              JOIN %(who_table)s w ON w.who = %(who)s
              JOIN %(metric)s meant ON meant.metric = r.metric AND meant.unit IS NOT DISTINCT FROM r.unit
              LEFT JOIN customer_benefit_metric m ON m.id = meant.metric_id
              LEFT JOIN %(item)s i ON i.product = r.product
              LEFT JOIN LATERAL (%(goal)s) goal ON TRUE
             WHERE %(readable)s
        )
        SELECT found.*, %(improvement)s AS improvement, %(gain)s AS gain, %(doubt)s AS doubt,
               NULL::integer AS repeats, FALSE AS known, NULL::integer AS other_row,
               NULL::date AS old_from, NULL::date AS old_to, NULL::numeric AS old_value
          FROM found
          LEFT JOIN %(rate)s rated ON rated.currency_id = found.currency_id AND rated.date_to = found.date_to""",
        record=table("record"), row=table("row"), who_table=table("who"), who=who_sql(), metric=table("metric"),
        item=_items_sql(scope), readable=readable_sql(SQL("r")), improvement=improvement,
        goal=_goal_sql(scope),
        rate=table("rate"),
        gain=gain_sql.gain_sql(
            improvement, SQL("found.money_per_unit"),
            gain_sql.periods_sql(SQL("found.period"), SQL("found.date_from"), SQL("found.date_to")), SQL("rated.rate"),
            SQL("%s::numeric", str(scope.rounding)),
        ),
        doubt=gain_sql.doubt_sql(
            SQL("found.value"), SQL("found.baseline"), improvement, SQL("found.same_unit"), SQL("found.typical_min"),
            SQL("found.typical_max"),
        ),
    ))
    cr.execute(SQL("ANALYZE %s", table("record")))
    cr.execute(SQL(
        "UPDATE %s SET reason = 'large' WHERE reason IS NULL AND abs(gain) >= %s::numeric",
        table("record"), str(scope.largest_gain),
    ))
    _find_repeats(cr)
    _find_stored(cr, scope)
    _find_overlaps(cr)


def _gather_rates(cr, scope):
    """Fill ``rate``.

    The planner takes the rows of ``found`` for very few, and would compare each of them with each rate: the index saves
    that.
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(rate)s ON COMMIT DROP AS
        SELECT currency_id, date_to, %(worth)s AS rate
          FROM (
            SELECT DISTINCT m.currency_id, r.date_to
              FROM %(row)s r
              JOIN %(metric)s meant ON meant.metric = r.metric
              JOIN customer_benefit_metric m ON m.id = meant.metric_id
             WHERE %(readable)s
          ) asked""",
        rate=table("rate"), row=table("row"), metric=table("metric"), readable=readable_sql(SQL("r")),
        worth=gain_sql.rate_sql(
            SQL("asked.currency_id"), SQL("%s::integer", scope.currency_id), SQL("asked.date_to"),
            SQL("%s::integer", scope.root_company_id),
        ),
    ))
    cr.execute(SQL("CREATE INDEX ON %s (currency_id, date_to)", table("rate")))
    cr.execute(SQL("ANALYZE %s", table("rate")))


def _items_sql(scope):
    """SQL: the products that rows name."""
    if scope.has_products:
        return table("item")
    return SQL("(SELECT NULL::text AS product, NULL::integer AS product_id, FALSE AS several WHERE FALSE)")


def _goal_sql(scope):
    """SQL: the goal that a row is measured for: one about its product first, and what was agreed last.

    A row without a product belongs to a goal about one where there is no other goal. As ``_fitting_goals`` of the
    records does it.
    """
    return SQL(
        """SELECT g.id, g.baseline
             FROM (SELECT timely.*, COUNT(*) OVER () AS goals
                     FROM customer_benefit_goal timely
                    WHERE timely.company_id = %(company)s AND timely.commercial_partner_id = w.partner_id
                      AND timely.metric_id = meant.metric_id AND timely.active
                      AND NOT COALESCE(timely.is_proposal, FALSE)
                      AND r.date_to BETWEEN timely.date_start AND timely.date_target) g
            WHERE g.product_id IS NULL OR g.product_id = i.product_id
               OR (i.product_id IS NULL AND g.goals = 1)
            ORDER BY g.product_id IS NULL, g.date_start DESC, g.id DESC
            LIMIT 1""",
        company=scope.company_id,
    )


def _find_repeats(cr):
    """Note the rows that say again what an earlier one of the file says."""
    cr.execute(SQL(
        """UPDATE %(record)s r SET repeats = first.row_no
             FROM (
                SELECT row_no AS again, min(row_no) OVER (
                           PARTITION BY partner_id, metric_id, product_id, date_from, date_to, value::float8,
                                        lower(btrim(unit)), given_baseline::float8) AS row_no
                  FROM %(record)s WHERE reason IS NULL
             ) first
            WHERE first.again = r.row_no AND first.row_no < r.row_no""",
        record=table("record"),
    ))


def _find_stored(cr, scope):
    """Note which rows are stored already, and which have the same days as another stored record."""
    cr.execute(SQL(
        """UPDATE %(record)s r
              SET known = stored.same, reason = CASE WHEN NOT stored.same THEN 'stored' END,
                  old_from = stored.date_from, old_to = stored.date_to, old_value = stored.value
             FROM %(record)s asked
            CROSS JOIN LATERAL (
                SELECT old.date_from, old.date_to, old.value,
                       old.date_from = asked.date_from AND old.date_to = asked.date_to
                           AND old.value::float8 = asked.value::float8
                           AND lower(btrim(old.unit)) = lower(btrim(asked.unit))
                           AND (asked.given_baseline IS NULL
                                OR COALESCE(old.baseline::float8 = asked.given_baseline::float8, FALSE)) AS same
                  FROM customer_benefit_record old
                 WHERE old.company_id = %(company)s AND old.metric_id = asked.metric_id
                   AND old.commercial_partner_id = asked.partner_id
                   AND old.product_id IS NOT DISTINCT FROM asked.product_id
                   AND old.date_to >= asked.date_from AND old.date_from <= asked.date_to
                   -- No period is as long as this, so that no more of an index has to be read.
                   AND old.date_to < asked.date_to + %(longest)s
                 ORDER BY same DESC, old.date_to, old.id
                 LIMIT 1
            ) stored
            WHERE asked.row_no = r.row_no AND asked.reason IS NULL AND asked.repeats IS NULL""",
        record=table("record"), company=scope.company_id, longest=scope.longest_days,
    ))


def _find_overlaps(cr):
    """Refuse the rows of a file whose days overlap: nobody can say which of them is right."""
    cr.execute(SQL(
        """WITH beside AS (
            SELECT row_no, date_from, date_to,
                   max((date_to - DATE '1800-01-01')::bigint * 10000000 + row_no) OVER (
                       same ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
                   lead(date_from) OVER same AS next_from, lead(row_no) OVER same AS next_row
              FROM %(record)s
             WHERE reason IS NULL AND repeats IS NULL AND NOT known
            WINDOW same AS (PARTITION BY partner_id, metric_id, product_id ORDER BY date_from, row_no)
        )
        UPDATE %(record)s r
           SET reason = 'overlap',
               other_row = CASE WHEN DATE '1800-01-01' + (before / 10000000)::integer >= beside.date_from
                                THEN before %% 10000000 ELSE next_row END
          FROM beside
         WHERE beside.row_no = r.row_no
           AND (DATE '1800-01-01' + (before / 10000000)::integer >= beside.date_from OR next_from <= beside.date_to)""",
        record=table("record"),
    ))
    cr.execute(SQL(
        """UPDATE %(record)s r
              SET known = first.reason IS NULL, reason = first.reason, other_row = first.other_row,
                  old_from = first.old_from, old_to = first.old_to, old_value = first.old_value
             FROM %(record)s first WHERE first.row_no = r.repeats""",
        record=table("record"),
    ))


# ---- results ---------------------------------------------------------------------------


def judged_sql():
    """SQL: every row of the file with its fate.

    ``verdict`` is 'new', 'known' (there already, with the same value) or the reason why it is not imported.
    """
    return SQL(
        """SELECT r.row_no, r.raw, r.ref, r.email, r.vat, r.name, r.metric, r.product, r.value, r.date_from, r.date_to,
                  r.detail, made.partner_id, made.metric_id, made.product_id, made.goal_id, made.baseline, made.unit,
                  made.gain, made.doubt, made.other_row, made.old_from, made.old_to, made.old_value,
                  w.who, w.via, w.matches, w.aside, w.aside_kind, w.aside_why, w.shared,
                  CASE WHEN made.row_no IS NULL THEN r.reason
                       WHEN made.known THEN 'known'
                       ELSE COALESCE(made.reason, 'new') END AS verdict
             FROM %s r
             LEFT JOIN %s made ON made.row_no = r.row_no
             LEFT JOIN %s w ON w.who = made.who""",
        table("row"), table("record"), table("who"),
    )


def new_records_sql():
    """SQL: the measurements to be written."""
    return SQL("SELECT * FROM %s WHERE reason IS NULL AND NOT known", table("record"))


def count_records(cr):
    """Return (customers, gain in company currency of what counts, or None) of what is to be written."""
    cr.execute(SQL(
        """SELECT count(DISTINCT partner_id), sum(gain) FILTER (WHERE doubt IS NULL)
             FROM (%s) made""",
        new_records_sql(),
    ))
    return cr.fetchone()


def count_doubts(cr):
    """Return {doubt: (rows, first row numbers)} of what is to be written and needs a person to look at it."""
    cr.execute(SQL(
        """SELECT doubt, count(*), (array_agg(row_no ORDER BY row_no))[1:5]
             FROM (%s) made WHERE doubt IS NOT NULL GROUP BY doubt""",
        new_records_sql(),
    ))
    return {doubt: (rows, first) for doubt, rows, first in cr.fetchall()}


def customers_to_write(cr):
    """Return the ids of the customers of what is to be written."""
    cr.execute(SQL("SELECT DISTINCT partner_id FROM (%s) made ORDER BY partner_id", new_records_sql()))
    return [partner_id for (partner_id,) in cr.fetchall()]


def store(cr, scope, user_id, now, batch_id, checked):
    """Write the new measurements; return their number and the ids of their customers and of their goals.

    :param int batch_id: of the record of this import
    :param bool checked: whether somebody said that doubtful values are right
    """
    cr.execute(SQL(
        """WITH added AS (
            INSERT INTO customer_benefit_record (
                company_id, partner_id, commercial_partner_id, metric_id, goal_id, product_id, date_from, date_to,
                baseline, value, unit, state, source, gain, doubt, is_checked, check_user_id, counts, note, batch_id,
                create_uid, create_date, write_uid, write_date)
            SELECT %(company)s, partner_id, partner_id, metric_id, goal_id, product_id, date_from, date_to,
                   baseline, value, unit, 'reported', 'import', gain, doubt, is_checked,
                   CASE WHEN is_checked THEN %(user)s::integer END,
                   gain IS NOT NULL AND (doubt IS NULL OR is_checked), NULLIF(note, ''), %(batch)s,
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM (SELECT *, %(checked)s AND doubt IS NOT NULL AND doubt <> 'baseline' AS is_checked
                      FROM (%(new)s) made) made
             ORDER BY row_no
            RETURNING partner_id, goal_id
        )
        SELECT count(*), array_agg(DISTINCT partner_id),
               array_agg(DISTINCT goal_id) FILTER (WHERE goal_id IS NOT NULL)
          FROM added""",
        company=scope.company_id, user=user_id, now=now, batch=batch_id, checked=checked, new=new_records_sql(),
    ))
    records, partner_ids, goal_ids = cr.fetchone()
    return records, partner_ids or [], goal_ids or []
