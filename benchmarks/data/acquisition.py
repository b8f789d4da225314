"""What ``./dev bench acquisition`` runs in a shell of its database, after ``generate.py``.

Customers have a country, an industry and, by the order they began with, a source and a product category; a lead for
every twentieth of them is open. The margin of ``generate.py`` is made to differ by country, so that leads show a value.
Figures are seconds, of everything repeated the median.
"""

import statistics
import time

from odoo.tools import SQL

GROUPS = {"source": 8, "country": 40, "industry": 12, "category": 10}


def fill(env, company):
    """Give the customers of a company traits, lines, values, and some of them open leads and old efforts."""
    sources = env["utm.source"].create([{"name": f"Source {company.id} {n}"} for n in range(GROUPS["source"])])
    countries = env["res.country"].search([], limit=GROUPS["country"])
    industries = env["res.partner.industry"].create(
        [{"name": f"Industry {company.id} {n}"} for n in range(GROUPS["industry"])]
    )
    categories = env["product.category"].create([{"name": f"Category {n}"} for n in range(GROUPS["category"])])
    products = env["product.product"].create([
        {"name": f"Product {category.name}", "categ_id": category.id} for category in categories
    ])
    stages = {
        stage.code: stage.id for stage in env["customer.lifecycle.stage"].search([("code", "in", ("lost", "at_risk"))])
    }
    lead_stage = env["crm.stage"].search([("is_won", "=", False)], limit=1)
    env.flush_all()

    def run(statement, **values):
        env.cr.execute(SQL(statement, company=company.id, **values))

    run(
        """UPDATE res_partner p SET country_id = (%(countries)s)[1 + id %% %(number)s],
                  industry_id = (%(industries)s)[1 + id %% %(kinds)s], is_company = id %% 3 = 0
            WHERE EXISTS (SELECT 1 FROM sale_order o WHERE o.partner_id = p.id AND o.company_id = %(company)s)""",
        countries=countries.ids, number=len(countries), industries=industries.ids, kinds=len(industries),
    )
    run(
        """UPDATE sale_order SET source_id = (%(sources)s)[1 + id %% %(number)s],
                  margin = margin * (1 + partner_id %% %(places)s)
            WHERE company_id = %(company)s""",
        sources=sources.ids, number=len(sources), places=len(countries),
    )
    run(
        """INSERT INTO sale_order_line (order_id, company_id, product_id, product_uom_id, name, product_uom_qty,
                                        price_unit, price_subtotal, price_total, margin, customer_lead, state,
                                        order_partner_id, currency_id, sequence, create_date, write_date)
           SELECT id, company_id, (%(products)s)[1 + id %% %(number)s], %(unit)s, 'Product', 1, amount_untaxed,
                  amount_untaxed, amount_untaxed, margin, 0, state, partner_id, currency_id, 10, date_order, date_order
             FROM sale_order WHERE company_id = %(company)s""",
        products=products.ids, number=len(products), unit=products[0].uom_id.id,
    )
    run(
        """INSERT INTO customer_value (company_id, partner_id, first_purchase_date, last_purchase_date, revenue_total,
                                       margin_total, typical_gap, clv_12m, value_at_risk, lifetime_value,
                                       lifecycle_stage_id)
           SELECT %(company)s, partner_id, first, last, revenue, margin, 60, margin / 8,
                  CASE WHEN last > %(day)s::date - 365 THEN margin / 4 END, margin,
                  CASE WHEN last <= %(day)s::date - 365 THEN %(lost)s WHEN partner_id %% 4 = 0 THEN %(risk)s END
             FROM (SELECT partner_id, MIN(date_order)::date AS first, MAX(date_order)::date AS last,
                          SUM(amount_untaxed) AS revenue, SUM(margin) AS margin
                     FROM sale_order WHERE company_id = %(company)s AND state = 'sale' GROUP BY partner_id) bought""",
        day=env["customer.value.run"]._scope_of_today(company).as_of, lost=stages["lost"], risk=stages["at_risk"],
    )
    run(
        """INSERT INTO crm_lead (name, type, active, company_id, partner_name, source_id, country_id, probability,
                                 won_status, stage_id, priority, create_date, write_date)
           SELECT 'Lead ' || n, 'opportunity', TRUE, %(company)s, 'New ' || n, (%(sources)s)[1 + n %% %(number)s],
                  (%(countries)s)[1 + n %% %(places)s], n %% 100, 'pending', %(stage)s, '0',
                  NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
             FROM GENERATE_SERIES(1, (SELECT COUNT(*) / 20 FROM customer_value WHERE company_id = %(company)s)) n""",
        sources=sources.ids, number=len(sources), countries=countries.ids, places=len(countries), stage=lead_stage.id,
    )
    run(
        """INSERT INTO customer_rescue (company_id, partner_id, commercial_partner_id, kind, state, date, cost,
                                        is_compared)
           SELECT %(company)s, partner_id, partner_id, 'win_back', 'done', %(day)s::date - 200, 10, TRUE
             FROM customer_value WHERE company_id = %(company)s AND partner_id %% 20 = 1""",
        day=env["customer.value.run"]._scope_of_today(company).as_of,
    )
    env.cr.execute(
        "ANALYZE res_partner; ANALYZE sale_order; ANALYZE sale_order_line; ANALYZE customer_value; ANALYZE crm_lead;"
        " ANALYZE customer_rescue"
    )
    env.invalidate_all()


def bare(env, company):
    """The least that learning has to read: when each customer bought first, and what they brought in a year."""
    env.execute_query(SQL(
        """SELECT o.partner_id, began.day, SUM(o.margin)
             FROM sale_order o
             JOIN (SELECT partner_id, MIN(date_order) AS day FROM sale_order
                    WHERE company_id = %(company)s AND state = 'sale' GROUP BY partner_id) began
               ON began.partner_id = o.partner_id AND o.date_order < began.day + INTERVAL '365 days'
            WHERE o.company_id = %(company)s AND o.state = 'sale'
            GROUP BY o.partner_id, began.day""",
        company=company.id,
    ))


def measured(env, function, rounds):
    """Return (median of the seconds, queries of the last round)."""
    seconds = []
    for _round in range(rounds):
        env.flush_all()
        env.invalidate_all()
        queries, begun = env.cr.sql_log_count, time.monotonic()
        function()
        env.flush_all()
        seconds.append(time.monotonic() - begun)
        queries = env.cr.sql_log_count - queries
    return statistics.median(seconds), queries


def measure_acquisition(env, generate, numbers, rounds):
    """Print a line for each thing that is measured, for each number of customers."""
    for number in numbers:
        company = generate(env, number)[0]
        fill(env, company)
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        customers = env["customer.value"].search_count([("company_id", "=", company.id)])
        leads = env["crm.lead"].search([("company_id", "=", company.id)])
        estimates = env["customer.lead.estimate"]
        team = env["crm.team"].create({"name": "Benchmark", "company_id": company.id})
        env["crm.team.member"].create({"crm_team_id": team.id, "user_id": env.uid, "assignment_max": 30})
        leads.team_id = team
        print(f"{number} customers: {customers} have bought, {len(leads)} leads are open")

        for name, function in steps(env, company, estimates, leads, team):
            report(name, *measured(env, function, rounds))
        estimate = estimates.search([("company_id", "=", company.id)])
        print(f"  {len(estimate.group_ids)} groups; {estimate.verdict}")
        env.cr.commit()


def steps(env, company, estimates, leads, team):
    """Return what is measured: [(name, function)]."""
    def plan(kind):
        found = env["customer.rescue.plan"].create({"kind": kind, "company_id": company.id, "cost": 1, "number": 50})
        found.action_find()
        if len(found.line_ids) != 50:
            raise ValueError(f"{len(found.line_ids)} customers were found to {kind}")

    def write_all():
        env.cr.execute(SQL("UPDATE crm_lead SET estimated_value = NULL WHERE company_id = %s", company.id))
        leads._customer_estimate_all(company)

    def in_order():
        leads.search_fetch(
            [("won_status", "=", "pending")], ["name", "shown_expected_worth"], order="shown_expected_worth desc",
            limit=80,
        )

    return [
        ("bare aggregate", lambda: bare(env, company)),
        ("a night of learning", lambda: estimates._learn(company)),
        ("values written on all open leads", write_all),
        ("one changed lead", lambda: leads[0].write({"country_id": leads[1].country_id.id})),
        ("target list of 30", team.action_customer_targets),
        ("80 leads in order of value", in_order),
        ("50 to win back", lambda: plan("win_back")),
        ("50 to keep", lambda: plan("keep")),
        ("a night of results", lambda: env["customer.rescue"]._note_results(company)),
    ]


def report(name, seconds, queries):
    """Print a line of the table."""
    print(f"  {name:<34} {seconds:8.3f} s {queries:6} queries", flush=True)
