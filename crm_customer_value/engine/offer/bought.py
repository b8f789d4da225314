"""What each customer has bought, as a table: the ground on which neighbours are counted and offers chosen.

An item is a product, or whatever else groups what is bought, such as a category.
"""

from odoo.tools import SQL

# Whoever has more different items than this says little about which of them go together, and would cost as much as
# the square of their number. This bounds the rows that are joined for n lines to this many times n.
MOST_ITEMS = 1000


def bought_sql(lines):
    """Return the SQL of what was bought, and whether any of it was kept.

    Its columns: customer_id, item_id, days (different ones on which it was bought), first_day, last_day, is_kept.
    One purchase may stand in documents of several kinds, such as an order and its invoice. So days are those of the
    kind that has the most, and what was brought back by the documents of one kind is not kept.

    :param list lines: of SQL with the columns customer_id, item_id, day and quantity, one for each kind of document;
        the quantity of what comes back is negative
    """
    parts = [
        SQL(
            """SELECT customer_id, item_id, COUNT(DISTINCT day) FILTER (WHERE quantity > 0) AS days,
                      MIN(day) FILTER (WHERE quantity > 0) AS first_day,
                      MAX(day) FILTER (WHERE quantity > 0) AS last_day, SUM(quantity) > 0 AS is_kept
                 FROM (%s) line GROUP BY customer_id, item_id""",
            query,
        )
        for query in lines
    ]
    return SQL(
        """SELECT customer_id, item_id, MAX(days)::int AS days, MIN(first_day) AS first_day, MAX(last_day) AS last_day,
                  BOOL_AND(is_kept) AS is_kept
             FROM (%s) part GROUP BY customer_id, item_id""",
        SQL(" UNION ALL ").join(parts),
    )


def make_bought(cr, table, lines, *, least=1):
    """Make a temporary table of what was bought and kept: *customer_id*, *item_id*; it outlives commits.

    Customers with more than :data:`MOST_ITEMS` items are left out.

    :param str table: its name, also of one that is there already; a second one, ``<table>_item``, has a row for each
        item: *item_id*, *customers* (how many bought it), *buyers* (a hash of who they are), and *work*, the rows that
        counting its neighbours reads
    :param list lines: as of :func:`bought_sql`
    :param int least: items that fewer customers bought are left out
    """
    names = {"table": SQL.identifier(table), "items": SQL.identifier(f"{table}_item")}
    drop_bought(cr, table)
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(table)s AS
           SELECT customer_id, item_id
             FROM (SELECT known.*, COUNT(*) OVER (PARTITION BY item_id) AS customers
                     FROM (SELECT kept.*, COUNT(*) OVER (PARTITION BY customer_id) AS items
                             FROM (%(bought)s) kept WHERE is_kept) known
                    WHERE items <= %(most)s) counted
            WHERE customers >= %(least)s""",
        bought=bought_sql(lines), most=MOST_ITEMS, least=least, **names,
    ))
    cr.execute(SQL("CREATE INDEX ON %(table)s (item_id) INCLUDE (customer_id)", **names))
    cr.execute(SQL("CREATE INDEX ON %(table)s (customer_id) INCLUDE (item_id)", **names))
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(items)s AS
           SELECT item_id, COUNT(*)::int AS customers, SUM(items)::bigint AS work,
                  MD5(STRING_AGG(customer_id::text, ',' ORDER BY customer_id)) AS buyers
             FROM (SELECT item_id, customer_id, COUNT(*) OVER (PARTITION BY customer_id) AS items FROM %(table)s) line
            GROUP BY item_id""",
        **names,
    ))
    cr.execute(SQL("CREATE UNIQUE INDEX ON %(items)s (item_id) INCLUDE (customers)", **names))
    cr.execute(SQL("ANALYZE %(table)s, %(items)s", **names))


def drop_bought(cr, table):
    """Drop the tables that :func:`make_bought` made, if they are there."""
    cr.execute(SQL("DROP TABLE IF EXISTS %s, %s", SQL.identifier(table), SQL.identifier(f"{table}_item")))
