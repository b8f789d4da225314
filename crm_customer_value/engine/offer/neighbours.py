"""Which items go together: the cosine of the customers that two items have in common.

    score = customers of both / sqrt(customers of the one x customers of the other)

It is 1 where the same customers buy both, and 0 where nobody does. How this was chosen, and how it compares with the
most popular and with the models of a library, is in benchmarks/README.md.
"""

from odoo.tools import SQL

# Neighbours kept of each item.
BEST = 200
# Fewer customers in common are chance, and would tell of single customers.
LEAST_IN_COMMON = 5
# Rows that one batch joins, about; each makes one group at the most, of less than 100 bytes, which fit into
# pipeline.BULK_MEMORY. An item that everybody buys is a batch of its own, whose groups are as many as there are items.
BATCH_ROWS = 1_000_000


def changed_items_sql(table, changed):
    """Return the SQL of the items whose neighbours may have changed, with those items themselves: item_id.

    How close two items are depends on the customers of both, so these are all items that some customer of a changed
    one has bought too.

    :param str table: of what was bought
    :param changed: ids of items whose customers changed
    """
    return SQL(
        """SELECT DISTINCT other.item_id
             FROM %(table)s own JOIN %(table)s other ON other.customer_id = own.customer_id
            WHERE own.item_id = ANY(%(changed)s)
            UNION SELECT UNNEST(%(changed)s::int[])""",
        table=SQL.identifier(table), changed=sorted(changed),
    )


def batches(cr, table, among=None, rows=BATCH_ROWS):
    """Return the ranges of items, [(first id, last id)], that are counted one after the other.

    :param str table: of what was bought
    :param among: ids of the items that are asked for, or None for all
    :param int rows: that a batch reads at the most, unless one item alone reads more
    """
    cr.execute(SQL(
        """SELECT MIN(item_id), MAX(item_id)
             FROM (SELECT item_id, FLOOR(SUM(work) OVER (ORDER BY item_id) / %(rows)s) AS batch
                     FROM %(items)s WHERE %(among)s) placed
            GROUP BY batch ORDER BY batch""",
        items=SQL.identifier(f"{table}_item"), rows=rows,
        among=SQL("TRUE") if among is None else SQL("item_id = ANY(%s)", sorted(among)),
    ))
    return cr.fetchall()


def neighbours_sql(table, first, last, among=None, *, best=BEST, least=LEAST_IN_COMMON):
    """Return the SQL of the neighbours of a range of items: item_id, other_id, score, in_common, customers.

    *customers* is the number of those who bought the other item, *in_common* of those who bought both.

    :param str table: of what was bought
    :param int first: ``last`` likewise, both included
    :param among: ids of the items that are asked for, or None for all of the range
    :param int best: how many neighbours of each item, at the most
    :param int least: how many customers two neighbours have in common, at least
    """
    return SQL(
        """WITH pair AS (
               SELECT own.item_id, other.item_id AS other_id, COUNT(*)::int AS in_common
                 FROM %(table)s own
                 JOIN %(table)s other ON other.customer_id = own.customer_id AND other.item_id <> own.item_id
                WHERE own.item_id BETWEEN %(first)s AND %(last)s AND %(among)s
                GROUP BY own.item_id, other.item_id
               HAVING COUNT(*) >= %(least)s
           ), scored AS (
               SELECT pair.*, other.customers,
                      pair.in_common / SQRT(one.customers::float8 * other.customers) AS score
                 FROM pair
                 JOIN %(items)s one ON one.item_id = pair.item_id
                 JOIN %(items)s other ON other.item_id = pair.other_id
           ), placed AS (
               SELECT scored.*,
                      ROW_NUMBER() OVER (PARTITION BY item_id ORDER BY score DESC, in_common DESC, other_id) AS place
                 FROM scored
           )
           SELECT item_id, other_id, score, in_common, customers FROM placed WHERE place <= %(best)s""",
        table=SQL.identifier(table), items=SQL.identifier(f"{table}_item"), first=first, last=last,
        among=SQL("TRUE") if among is None else SQL("own.item_id = ANY(%s)", sorted(among)), best=best, least=least,
    )
