"""What a recompute would change: its finished rows, collected beside the stored ones instead of written."""

from odoo.tools import SQL

# What is compared, and what each column is called in ``customer_value``.
MOVED = {"stage": "lifecycle_stage_id", "class": "value_class"}


def create_table(cr, table):
    """Create the empty table of outcomes: one row for each customer before or after.

    :param str table: its name; it lasts as long as the transaction at most
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %s (
               partner_id integer PRIMARY KEY, before boolean, after boolean,
               stage_before integer, stage_after integer,
               class_before varchar, class_after varchar,
               index_before numeric, index_after numeric, revenue numeric) ON COMMIT DROP""",
        SQL.identifier(table),
    ))


def collect(cr, outcomes, table, placed, condition, company_id):
    """Add the outcomes of one batch.

    :param str outcomes: the table of outcomes
    :param str table: the working table
    :param SQL placed: :func:`placement.placed_sql` of the batch: rows that are not in it stay as they are
    :param SQL condition: the limits of the batch, on ``v.partner_id``
    :param int company_id: whose customers
    """
    after = SQL(", ").join(
        SQL("CASE WHEN p.partner_id IS NULL THEN v.%(name)s ELSE p.%(name)s END", name=SQL.identifier(name))
        for name in (*MOVED.values(), "value_index", "revenue_12m")
    )
    cr.execute(SQL(
        """INSERT INTO %(outcomes)s (partner_id, before, after, stage_before, class_before, index_before,
                                     stage_after, class_after, index_after, revenue)
           SELECT COALESCE(p.partner_id, v.partner_id), v.id IS NOT NULL, w.partner_id IS NOT NULL,
                  v.lifecycle_stage_id, v.value_class, v.value_index, %(after)s
             FROM (SELECT * FROM customer_value v WHERE v.company_id = %(company)s AND %(condition)s) v
             FULL JOIN (%(placed)s) p ON p.partner_id = v.partner_id
             LEFT JOIN %(table)s w ON w.partner_id = COALESCE(p.partner_id, v.partner_id)""",
        outcomes=SQL.identifier(outcomes), table=SQL.identifier(table), after=after, placed=placed,
        company=company_id, condition=condition,
    ))


def summarize(cr, table):
    """Return the numbers of a trial: {name: value}, ready for JSON.

    * customers before and after, how many appear and how many vanish;
    * the mean index before and after, over the customers who are there both times;
    * for stages and classes how many customers move, and [from, to, number] of every pair,
      of those who stay included.
    """
    cr.execute(SQL(
        """SELECT COUNT(*) FILTER (WHERE before), COUNT(*) FILTER (WHERE after),
                  COUNT(*) FILTER (WHERE after AND NOT before),
                  COUNT(*) FILTER (WHERE before AND NOT after),
                  AVG(index_before) FILTER (WHERE before AND after),
                  AVG(index_after) FILTER (WHERE before AND after)
             FROM %s""",
        SQL.identifier(table),
    ))
    names = ("before", "after", "appear", "vanish", "index_before", "index_after")
    result = dict(zip(names, cr.fetchone(), strict=True))
    for name in ("index_before", "index_after"):
        result[name] = float(round(result[name] or 0, 2))
    for name in MOVED:
        columns = [SQL.identifier(f"{name}_{time}") for time in ("before", "after")]
        cr.execute(SQL(
            "SELECT %s, %s, COUNT(*) FROM %s WHERE before AND after GROUP BY 1, 2 ORDER BY 1, 2",
            *columns, SQL.identifier(table),
        ))
        pairs = cr.fetchall()
        result[name] = {
            "moved": sum(number for before, after, number in pairs if before != after),
            "pairs": [list(pair) for pair in pairs],
        }
    return result


def movers(cr, table, limit):
    """Return (number of customers whose stage or class changes, rows of the largest of them).

    Customers who appear or vanish are among them. A row is a dict of the table's columns.
    """
    changed = SQL(
        """(NOT before OR NOT after OR stage_before IS DISTINCT FROM stage_after
            OR class_before IS DISTINCT FROM class_after)"""
    )
    cr.execute(SQL("SELECT COUNT(*) FROM %s WHERE %s", SQL.identifier(table), changed))
    (number,) = cr.fetchone()
    cr.execute(SQL(
        """SELECT * FROM %s WHERE %s
         ORDER BY revenue DESC, GREATEST(index_before, index_after) DESC NULLS LAST, partner_id LIMIT %s""",
        SQL.identifier(table), changed, limit,
    ))
    return number, cr.dictfetchall()
