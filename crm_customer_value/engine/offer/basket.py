"""What a customer buys most often, and what is in their usual basket."""

from odoo.tools import SQL

# What was bought on fewer days is no habit.
FEWEST_DAYS = 2
# Of the usual basket is what was bought on so many days, and on every second one.
BASKET_DAYS = 3


def favorites_sql(lines, number):
    """Return the SQL of the products that customers buy most often, the most often first.

    Its columns: customer_id, item_id, days (on which it was bought), all_days (on which anything was), last_day, place
    (from 1) and is_usual (it is in the usual basket). One purchase may stand in documents of several kinds: what counts
    is the kind that has most of the days.

    :param list lines: of SQL, as of :func:`bought.bought_sql`
    :param int number: how many for each customer, at the most
    """
    kinds = SQL(" UNION ALL ").join(
        SQL("SELECT %s AS kind, customer_id, item_id, day, quantity FROM (%s) AS %s", place, query,
            SQL.identifier(f"kind_{place}"))
        for place, query in enumerate(lines)
    )
    return SQL(
        """WITH line AS MATERIALIZED (%(kinds)s), visited AS (
               SELECT customer_id, kind, COUNT(DISTINCT day) AS all_days
                 FROM line WHERE quantity > 0 GROUP BY customer_id, kind
           ), bought AS (
               SELECT customer_id, kind, item_id, COUNT(DISTINCT day) FILTER (WHERE quantity > 0) AS days,
                      MAX(day) FILTER (WHERE quantity > 0) AS last_day, SUM(quantity) > 0 AS is_kept
                 FROM line GROUP BY customer_id, kind, item_id
           ), counted AS (
               SELECT DISTINCT ON (bought.customer_id, bought.item_id) bought.*, visited.all_days,
                      BOOL_AND(is_kept) OVER (PARTITION BY bought.customer_id, bought.item_id) AS is_theirs
                 FROM bought JOIN visited USING (customer_id, kind)
                ORDER BY bought.customer_id, bought.item_id, bought.days DESC, visited.all_days, bought.kind
           ), placed AS (
               SELECT counted.*,
                      ROW_NUMBER() OVER (
                          PARTITION BY customer_id ORDER BY days DESC, last_day DESC, item_id) AS place
                 FROM counted WHERE is_theirs AND days >= %(fewest)s
           )
           SELECT customer_id, item_id, days::int, all_days::int, last_day, place::int,
                  days >= %(basket)s AND 2 * days >= all_days AS is_usual
             FROM placed WHERE place <= %(number)s ORDER BY customer_id, place""",
        kinds=kinds, fewest=FEWEST_DAYS, basket=BASKET_DAYS, number=number,
    )
