"""Keeping what ``customer_value`` holds at a month end, for whoever has something to tell."""

from odoo.tools import SQL

# Columns of customer_value that a snapshot keeps, beside those of the parts of the index.
SNAPSHOT_COLUMNS = (
    "value_index", "value_to_us", "bounds_points",
    "value_class", "rfm_segment", "lifecycle_stage_id", "churn_risk", "churn_level",
    "clv_12m", "revenue_12m", "margin_12m",
)
# A customer who buys no more is kept for as long as one of these still changes.
TOLD_COLUMNS = ("value_class", "rfm_segment", "lifecycle_stage_id")
# What is repeated from the customer's snapshot before, so that a pivot can cross the two.
PREVIOUS_COLUMNS = {
    "value_class": "previous_class",
    "lifecycle_stage_id": "previous_stage_id",
    "value_index": "previous_index",
}


def _movement_sql(company_id, day, old, new):
    """SQL: where the customer moved between two classes; NULL in a company's first month.

    A customer without a class in both months did not move either.
    """
    return SQL(
        """CASE WHEN COALESCE(%(day)s <= (SELECT MIN(first.date) FROM customer_value_snapshot first
                                           WHERE first.company_id = %(company)s), TRUE) THEN NULL
                WHEN %(old)s IS NULL AND %(new)s IS NULL THEN NULL
                WHEN %(old)s IS NULL THEN 'in'
                WHEN %(new)s IS NULL THEN 'out'
                WHEN %(new)s < %(old)s THEN 'risen'
                WHEN %(new)s > %(old)s THEN 'fallen'
                ELSE 'same' END""",
        company=company_id, day=day, old=old, new=new,
    )


def _columns(names, alias=None):
    return SQL(", ").join(SQL.identifier(*filter(None, (alias, name))) for name in names)


def take_sql(company_id, day, since, value_partners, snapshot_partners, parts):
    """Return the statement that makes the snapshots of one batch what the values are now.

    Taken twice, it changes nothing; taken again after facts were corrected, it puts the
    snapshots of that day right, and removes those of customers who have nothing to tell any more.

    :param int company_id: whose values
    :param date day: the month end the values were computed for
    :param date since: whoever bought since that day is kept in any case
    :param SQL value_partners: condition on ``v.partner_id``
    :param SQL snapshot_partners: the same condition on ``s.partner_id``
    :param parts: names of the columns in which the parts of the index are told
    """
    values = (*SNAPSHOT_COLUMNS, *parts)
    kept = (*values, *PREVIOUS_COLUMNS.values(), "class_movement")
    return SQL(
        """WITH told AS (
               SELECT v.partner_id, %(values)s, %(previous)s, %(movement)s AS class_movement
                 FROM customer_value v
                 LEFT JOIN (
                    SELECT DISTINCT ON (s.partner_id) s.* FROM customer_value_snapshot s
                     WHERE s.company_id = %(company)s AND s.date < %(day)s AND %(snapshot_partners)s
                     ORDER BY s.partner_id, s.date DESC) p ON p.partner_id = v.partner_id
                WHERE v.company_id = %(company)s AND %(value_partners)s
                  AND (v.last_purchase_date >= %(since)s OR (%(told_now)s) IS DISTINCT FROM (%(told_then)s))
           ), removed AS (
               DELETE FROM customer_value_snapshot s
                WHERE s.company_id = %(company)s AND s.date = %(day)s AND %(snapshot_partners)s
                  AND NOT EXISTS (SELECT 1 FROM told WHERE told.partner_id = s.partner_id)
           )
           INSERT INTO customer_value_snapshot AS s (company_id, date, partner_id, %(kept)s)
           SELECT %(company)s, %(day)s, told.* FROM told ORDER BY partner_id
           ON CONFLICT (company_id, partner_id, date) DO UPDATE
              SET (%(kept)s) = ROW (%(excluded)s)
            WHERE (%(current)s) IS DISTINCT FROM (%(excluded)s)""",
        values=_columns(values, "v"),
        previous=SQL(", ").join(
            SQL("p.%s AS %s", SQL.identifier(name), SQL.identifier(before))
            for name, before in PREVIOUS_COLUMNS.items()
        ),
        movement=_movement_sql(company_id, day, SQL("p.value_class"), SQL("v.value_class")),
        told_now=_columns(TOLD_COLUMNS, "v"),
        told_then=_columns(TOLD_COLUMNS, "p"),
        kept=_columns(kept),
        current=_columns(kept, "s"),
        excluded=_columns(kept, "excluded"),
        company=company_id, day=day, since=since,
        value_partners=value_partners, snapshot_partners=snapshot_partners,
    )


def relink_sql(company_id, day, snapshot_partners):
    """Return the statement that has later snapshots of a batch refer to the one before again.

    Months are usually taken in order, and then a look at an index says that there is nothing to
    do; a month that is taken late, or again, changes what the month after it came from.

    :param int company_id: whose snapshots
    :param date day: the month end that was taken
    :param SQL snapshot_partners: condition on ``s.partner_id``
    """
    previous = (*PREVIOUS_COLUMNS.values(), "class_movement")
    return SQL(
        """UPDATE customer_value_snapshot s SET (%(previous)s) = ROW (%(found)s)
             FROM (
                SELECT linked.*, %(movement)s AS class_movement
                  FROM (SELECT s.id, s.date, s.value_class, %(before)s
                          FROM customer_value_snapshot s
                         WHERE s.company_id = %(company)s AND %(partners)s
                           AND EXISTS (SELECT 1 FROM customer_value_snapshot later
                                        WHERE later.company_id = %(company)s AND later.date > %(day)s)
                        WINDOW months AS (PARTITION BY s.partner_id ORDER BY s.date)) linked
                 WHERE linked.date > %(day)s
             ) found
            WHERE found.id = s.id AND (%(stored)s) IS DISTINCT FROM (%(found)s)""",
        previous=_columns(previous),
        found=_columns(previous, "found"),
        stored=_columns(previous, "s"),
        before=SQL(", ").join(
            SQL("LAG(s.%s) OVER months AS %s", SQL.identifier(name), SQL.identifier(before))
            for name, before in PREVIOUS_COLUMNS.items()
        ),
        movement=_movement_sql(
            company_id, SQL("linked.date"), SQL("linked.previous_class"), SQL("linked.value_class")
        ),
        company=company_id, day=day, partners=snapshot_partners,
    )


def take(cr, company_id, day, since, value_partners, snapshot_partners, parts):
    """Take the snapshots of one batch, see :func:`take_sql`; return how many were written.

    Hash joins are right here, whatever the planner believes: its statistics may know nothing of
    the month that is being written, and nested loops over a batch take minutes.
    """
    cr.execute("SET LOCAL enable_nestloop = off")
    cr.execute(take_sql(company_id, day, since, value_partners, snapshot_partners, parts))
    written = cr.rowcount
    cr.execute(relink_sql(company_id, day, snapshot_partners))
    cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return written
