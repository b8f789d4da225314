"""What each customer has bought: the ground on which neighbours are counted and offers chosen.

An item is a product, or whatever else groups what is bought, such as a category.
"""

from odoo.tools import SQL


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
