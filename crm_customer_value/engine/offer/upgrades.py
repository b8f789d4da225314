"""What customers moved on to: they bought a product, then a better one of its category, and the first one no more."""

from odoo.tools import SQL

from .matrix import MOST_ITEMS


def upgrades_sql(bought, categories, *, least, until):
    """Return the SQL of which items customers moved on to: item_id, better_id, moved, customers.

    *moved* is the number of customers whose first purchase of the better item came after their last one of the first
    item, and long enough ago; *customers* of those who bought the first item and kept it. Where most of those who have
    both go on with the first item, the other one is no better one but something else.

    :param SQL bought: as of :func:`bought.bought_sql`
    :param SQL categories: item_id, group_id (variants of one product, which nobody moves between), category_id and
        worth: of two items the one that is worth more is the better one
    :param int least: how many customers moved, at least
    :param date until: whoever bought the better item later may still buy the first one again
    """
    has_moved = SQL("better.first_day > own.last_day AND better.first_day <= %s", until)
    return SQL(
        """WITH kept AS MATERIALIZED (
               SELECT b.customer_id, b.item_id, b.first_day, b.last_day, c.group_id, c.category_id, c.worth,
                      COUNT(*) OVER (PARTITION BY b.customer_id) AS items
                 FROM (%(bought)s) b JOIN (%(categories)s) c ON c.item_id = b.item_id
                WHERE b.is_kept
           ), moved AS (
               SELECT own.item_id, better.item_id AS better_id, COUNT(*) FILTER (WHERE %(has_moved)s)::int AS moved
                 FROM kept own
                 JOIN kept better ON better.customer_id = own.customer_id AND better.category_id = own.category_id
                                 AND better.group_id <> own.group_id AND better.worth > own.worth
                WHERE own.items <= %(most)s
                GROUP BY own.item_id, better.item_id
               HAVING COUNT(*) FILTER (WHERE %(has_moved)s) >= GREATEST(%(least)s, COUNT(*) / 2.0)
           )
           SELECT moved.item_id, moved.better_id, moved.moved, total.customers
             FROM moved
             JOIN (SELECT item_id, COUNT(*)::int AS customers FROM kept GROUP BY item_id) total
               ON total.item_id = moved.item_id""",
        bought=bought, categories=categories, most=MOST_ITEMS, least=least, has_moved=has_moved,
    )
