"""What is offered: what goes best with all that a customer has bought."""

from odoo.tools import SQL


def choice_sql(own, neighbours, barred, number):
    """Return the SQL of the best items for customers, best first.

    Its columns: customer_id, item_id, points, place (from 1), and of the item the customer has that speaks for it most:
    because_id, in_common, customers. Points are the scores of the neighbours of an item that the customer has, summed
    up: as an item keeps its best neighbours only, one that everybody buys does not win by being near to everything.

    :param SQL own: what they have: customer_id, item_id
    :param SQL neighbours: item_id, other_id, score, in_common, customers, as of :class:`neighbours.Neighbours`
    :param SQL barred: customer_id, item_id: what is not offered to whom, what they have among it
    :param int number: how many for each customer, at the most
    """
    return SQL(
        """WITH own AS MATERIALIZED (
               SELECT customer_id, item_id FROM (%(own)s) bought
           ), spoken AS (
               SELECT own.customer_id, near.item_id, SUM(near.score) AS points
                 FROM own JOIN (%(neighbours)s) near ON near.other_id = own.item_id
                GROUP BY own.customer_id, near.item_id
           ), placed AS MATERIALIZED (
               SELECT *
                 FROM (SELECT spoken.*,
                              ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY points DESC, item_id) AS place
                         FROM spoken
                        WHERE NOT EXISTS (
                                SELECT 1 FROM (%(barred)s) barred
                                 WHERE barred.customer_id = spoken.customer_id AND barred.item_id = spoken.item_id)
                      ) ordered
                WHERE place <= %(number)s
           )
           SELECT DISTINCT ON (placed.customer_id, placed.place)
                  placed.customer_id, placed.item_id, placed.points, placed.place,
                  near.other_id AS because_id, near.in_common, near.customers
             FROM placed
             JOIN own ON own.customer_id = placed.customer_id
             JOIN (%(neighbours)s) near ON near.item_id = placed.item_id AND near.other_id = own.item_id
            ORDER BY placed.customer_id, placed.place, near.score DESC, near.other_id""",
        own=own, neighbours=neighbours, barred=barred, number=number,
    )
