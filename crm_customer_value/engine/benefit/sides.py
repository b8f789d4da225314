"""The picture of both sides: what a customer is worth to us, against what we are worth to them."""

from odoo.tools import SQL

# Where the quarters meet, unless at the medians or where a user says.
FIXED = 50
# More points than these are drawn as cells, each with its number of customers.
POINTS_UP_TO = 2000
CELL = 4
LAST_CELL = 100 - CELL
# (worth much to us, gains much from us)
QUARTERS = {
    "partnership": (True, True),
    "leaving": (True, False),
    "give_more": (False, True),
    "reconsider": (False, False),
}


def medians_sql(customers):
    """Return the SQL of how many there are, and the medians of both sides, up to the next tenth as values have.

    :param SQL customers: (id, worth to us, benefit index, revenue, name)
    """
    medians = SQL(", ").join(
        SQL("CEIL(10 * ROUND(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)::numeric, 2)) / 10", SQL.identifier(side))
        for side in ("x", "y")
    )
    return SQL("SELECT COUNT(*), %s FROM (%s) customer (id, x, y, revenue, name)", medians, customers)


def quarters_sql(customers, x, y):
    """Return the SQL of (quarter, number of customers, their revenue); who stands on a line is above it."""
    return SQL(
        """SELECT CASE WHEN x >= %(x)s AND y >= %(y)s THEN 'partnership' WHEN x >= %(x)s THEN 'leaving'
                       WHEN y >= %(y)s THEN 'give_more' ELSE 'reconsider' END AS quarter,
                  COUNT(*), SUM(revenue)
             FROM (%(customers)s) customer (id, x, y, revenue, name)
            GROUP BY quarter""",
        customers=customers, x=x, y=y,
    )


def cells_sql(customers):
    """Return the SQL of (lower edge to us, lower edge to them, number of customers) of the cells with customers."""
    return SQL(
        """SELECT LEAST(FLOOR(x / %(cell)s) * %(cell)s, %(last)s)::integer AS x,
                  LEAST(FLOOR(y / %(cell)s) * %(cell)s, %(last)s)::integer AS y, COUNT(*)
             FROM (%(customers)s) customer (id, x, y, revenue, name)
            GROUP BY 1, 2
            ORDER BY 1, 2""",
        customers=customers, cell=CELL, last=LAST_CELL,
    )
