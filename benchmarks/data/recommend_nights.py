"""What ``./dev bench recommend --customers N`` runs in a shell of its database, after ``generate.py``."""

import resource
import time

PRODUCTS = 5_000
LINES_PER_ORDER = 3
# What 1.5 million lines of two years are in a day.
LINES_A_DAY = 2_000


def fill_lines(env, company):
    """Give each order of a company three lines: few products are in most of them; return how many lines there are."""
    products = env["product.product"].create([
        {"name": f"Product {number}", "type": "consu", "list_price": 100.0} for number in range(PRODUCTS)
    ])
    env.flush_all()
    # All of it in the two years that count.
    env.cr.execute("UPDATE sale_order SET date_order = NOW() AT TIME ZONE 'UTC' - (NOW() - date_order) / 2.1")
    env.cr.execute(
        """INSERT INTO sale_order_line (order_id, company_id, order_partner_id, state, name, product_id,
                                        product_uom_qty, price_unit, price_subtotal, purchase_price, margin,
                                        customer_lead, create_date, write_date)
           SELECT id, company_id, partner_id, state, 'Line', (%(products)s::int[])[drawn], 1, 100, 100, 60, 40, 0,
                  date_order, date_order
             FROM (SELECT o.*, n,
                          -- Few products sell much; a third of what somebody buys comes from a corner of their own.
                          1 + CASE WHEN RANDOM() < 0.33
                                   THEN (o.partner_id %% 100) * %(corner)s + FLOOR(%(corner)s * POWER(RANDOM(), 2))::int
                                   ELSE FLOOR(%(number)s * POWER(RANDOM(), 2.5))::int END AS drawn
                     FROM sale_order o, GENERATE_SERIES(1, %(lines)s) n
                    WHERE o.company_id = %(company)s) line""",
        {
            "products": products.ids, "number": PRODUCTS, "corner": PRODUCTS // 100, "lines": LINES_PER_ORDER,
            "company": company.id,
        },
    )
    lines = env.cr.rowcount
    env.cr.execute("ANALYZE sale_order, sale_order_line, res_partner, product_product")
    env.cr.commit()
    env.invalidate_all()
    return lines


def change_lines(env, company, number):
    """Give some lines of a company another product."""
    env.cr.execute(
        """UPDATE sale_order_line line SET product_id = other.id
             FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place FROM product_product) other
            WHERE line.id IN (SELECT id FROM sale_order_line WHERE company_id = %(company)s
                               ORDER BY MD5(id::text) LIMIT %(number)s)
              AND other.place = 1 + line.id %% %(products)s""",
        {"company": company.id, "number": number, "products": 1 if number == 1 else PRODUCTS},
    )
    env.cr.commit()


def measure_nights(env, company):
    """Measure nights of a company, and what is offered to 100 of its customers, and print them."""
    lines = fill_lines(env, company)
    near, offers = env["customer.product.neighbour"], env["customer.offer"]
    print(f"{lines:,} lines")
    bare = 0

    def measured(name, function):
        env.invalidate_all()
        start = time.perf_counter()
        function()
        took = time.perf_counter() - start
        print(f"{name:40} {took:8.2f} s" + (f"  {took / bare:8.1f} x bare" if bare else ""))
        return took

    def aggregate():
        env.cr.execute(
            "SELECT product_id, COUNT(*), SUM(product_uom_qty) FROM sale_order_line WHERE company_id = %s GROUP BY 1",
            [company.id],
        )
        return env.cr.fetchall()

    aggregate()
    bare = measured("bare aggregate by product", aggregate)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measured("first night", lambda: near._count_neighbours(company))
    env.cr.execute("SELECT COUNT(*), pg_size_pretty(pg_total_relation_size('customer_product_neighbour')) "
                   "FROM customer_product_neighbour")
    print("{:,} neighbours, {}".format(*env.cr.fetchone()))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"memory of the process grew by {grown / 1024:.0f} MB")
    measured("a night in which nothing changed", lambda: near._count_neighbours(company))
    for number in (1, LINES_A_DAY):
        change_lines(env, company, number)
        measured(f"a night after {number:,} lines changed", lambda: near._count_neighbours(company))
    customers = env["sale.order"].search([("company_id", "=", company.id)], limit=300).partner_id[:100]
    measured("offers to 100 customers", lambda: offers._best(customers, 3, company))
    measured("offers to one customer", lambda: offers._best(customers[0], 3, company))
