"""Customers and orders in bulk, by plain SQL, for measurements.

``customers`` customers with five orders each on average, in two companies: most customers
buy once or twice, few buy often (a power law), amounts are log-normal, and one order in fifty
is cancelled. The same seed gives the same data.
"""

ORDERS_PER_CUSTOMER = 5


def generate(env, customers, seed=0.42):
    """Add customers and confirmed orders to the database of ``env`` and return the companies.

    :param int customers: how many customers; a tenth of them belongs to the second company
    :param float seed: of PostgreSQL's random numbers, -1 to 1
    :return: two res.company records
    """
    companies = env["res.company"].create([
        {"name": f"Benchmark {letter} ({customers})", "currency_id": env.ref("base.USD").id}
        for letter in "AB"
    ])
    env.user.company_ids |= companies
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT SETSEED(%s)", (seed,))
    cr.execute("SELECT COALESCE(MAX(id), 0) FROM res_partner")
    (first,) = cr.fetchone()
    cr.execute(
        """INSERT INTO res_partner (name, complete_name, active, type, autopost_bills, is_company,
                                    color, partner_share, create_date, write_date)
           SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', 'ask', FALSE, 0, TRUE,
                  NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
             FROM GENERATE_SERIES(1, %s) n""",
        (customers,),
    )
    # A commercial partner is its own; the ids are known only after the insert.
    cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id > %s", (first,))
    cr.execute(
        """INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
                                   partner_shipping_id, date_order, state, currency_id,
                                   currency_rate, amount_untaxed, amount_total, margin,
                                   create_date, write_date)
           SELECT 'B' || n, CASE WHEN customer %% 10 = 0 THEN %(b)s ELSE %(a)s END,
                  customer, customer, customer, day,
                  CASE WHEN RANDOM() < 0.02 THEN 'cancel' ELSE 'sale' END,
                  %(currency)s, 1.0, amount, amount, ROUND(amount * 0.3, 2), day, day
             FROM (SELECT n,
                          -- The power gathers orders on the first customers.
                          %(first)s + 1 + FLOOR(%(customers)s * POWER(RANDOM(), 1.6))::int AS customer,
                          DATE_TRUNC('second', NOW() AT TIME ZONE 'UTC'
                              - INTERVAL '1 day' * (1 + 1460 * RANDOM())) AS day,
                          ROUND(EXP(3.5 + 1.2 * (RANDOM() + RANDOM() + RANDOM() - 1.5))::numeric, 2)
                              AS amount
                     FROM GENERATE_SERIES(1, %(orders)s) n) drawn""",
        {
            "a": companies[0].id, "b": companies[1].id, "currency": env.ref("base.USD").id,
            "first": first, "customers": customers, "orders": customers * ORDERS_PER_CUSTOMER,
        },
    )
    env.invalidate_all()
    return companies
