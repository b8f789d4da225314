"""What ``./dev bench benefit`` runs in a shell of its database, after ``generate.py`` and ``recompute.py``."""

import statistics
import time
from datetime import date, timedelta

MONTHS = 24
METRICS = 10
SOME = 1000
IMPORTED = 100000
DAYS = 25000
LONG_AGO = 1990  # no other measurement is as old


def fill_benefit(env, company):
    """Give each customer of a company a goal, two needs, and a measurement for each of the last 24 months.

    :return: how many measurements there are
    """
    metrics = env["customer.benefit.metric"].create([
        {"name": f"Benchmark {number}", "unit": "faults", "money_per_unit": 5.0, "currency_id": company.currency_id.id}
        for number in range(METRICS)
    ])
    need_type = env["customer.need.type"].create({"name": "Benchmark", "kind": "need", "dimension": "functional"})
    env.flush_all()
    cr = env.cr
    parameters = {
        "company": company.id, "metric": metrics.ids, "metrics": METRICS, "months": MONTHS, "type": need_type.id,
    }
    for statement in (
        "SELECT SETSEED(0.12)",
        """INSERT INTO customer_benefit_goal (company_id, partner_id, commercial_partner_id, metric_id, baseline,
                                              target, date_start, date_target, is_proposal, state, active)
           SELECT %(company)s, id, id, (%(metric)s)[1 + id %% %(metrics)s], 100, 50, CURRENT_DATE - 700,
                  CURRENT_DATE + 60, FALSE, 'on_track', TRUE
             FROM res_partner WHERE name LIKE 'Customer %%' AND id %% 10 <> 0""",
        # Month by month, as they are written in life: those of one customer lie far from each other.
        """INSERT INTO customer_benefit_record (company_id, partner_id, commercial_partner_id, metric_id, goal_id,
                                                date_from, date_to, baseline, value, unit, state, source, gain, counts)
           SELECT %(company)s, partner_id, partner_id, metric_id, goal_id, day, (day + INTERVAL '1 month')::date - 1,
                  100, value, 'faults', state, 'import', (100 - value) * 5, TRUE
             FROM (SELECT goal.partner_id, goal.metric_id, goal.id AS goal_id,
                          (DATE_TRUNC('month', CURRENT_DATE) - n * INTERVAL '1 month')::date AS day,
                          ROUND((40 + 60 * RANDOM())::numeric, 1) AS value,
                          CASE WHEN RANDOM() < 0.5 THEN 'confirmed' ELSE 'reported' END AS state
                     FROM GENERATE_SERIES(1, %(months)s) n CROSS JOIN customer_benefit_goal goal
                    WHERE goal.company_id = %(company)s) measured
            ORDER BY day, partner_id""",
        """UPDATE customer_benefit_goal goal SET latest_value = latest.value, date_latest = latest.date_to
             FROM (SELECT DISTINCT ON (goal_id) goal_id, value, date_to FROM customer_benefit_record
                    ORDER BY goal_id, date_to DESC) latest
            WHERE latest.goal_id = goal.id""",
        """INSERT INTO customer_need (company_id, partner_id, commercial_partner_id, type_id, kind, dimension,
                                      importance, is_guess, source, state, date, date_state, active)
           SELECT %(company)s, partner_id, partner_id, %(type)s, 'need', 'functional', 1 + partner_id %% 5, FALSE,
                  'visit', CASE WHEN RANDOM() < 0.5 THEN 'met' ELSE 'open' END, CURRENT_DATE - 100,
                  CURRENT_DATE - 50, TRUE
             FROM customer_benefit_goal CROSS JOIN GENERATE_SERIES(1, 2) WHERE company_id = %(company)s""",
    ):
        cr.execute(statement, parameters)
    cr.execute("SELECT COUNT(*) FROM customer_benefit_record")
    (records,) = cr.fetchone()
    cr.commit()
    env.invalidate_all()
    return records


def vacuum(env):
    """Do what PostgreSQL does by itself within minutes, so that what an index holds is read from the index alone."""
    with env.registry.cursor() as cr:
        cr.rollback()
        cr._cnx.autocommit = True
        try:
            cr.execute("VACUUM ANALYZE")
        finally:
            cr._cnx.autocommit = False


def nights(measurement):
    """Return the medians of a night in which nothing changed: seconds, and those of its longest transaction."""
    found = []
    for _round in range(measurement.rounds):
        start = time.perf_counter()
        run, longest = measurement.night()
        found.append((time.perf_counter() - start, longest))
        if run.changed:
            raise SystemExit(f"a quiet night wrote {run.changed} rows")
    return tuple(map(statistics.median, zip(*found, strict=True)))


def form_queries(env, partner):
    """Return how many queries the form of a partner takes."""
    shown = partner.get_view(view_type="form")["models"]["res.partner"]
    env.invalidate_all()
    before = env.cr.sql_log_count
    partner.web_read({name: {} for name in shown if name in partner._fields})
    return env.cr.sql_log_count - before


def change_of_worth(env):
    """Return how long it takes that a unit of one metric is worth more, and of how many measurements."""
    env.invalidate_all()
    metric = env["customer.benefit.record"].search([], limit=1).metric_id
    start = time.perf_counter()
    metric.money_per_unit += 1
    env.flush_all()
    env.cr.precommit.run()
    taken = time.perf_counter() - start
    number = env["customer.benefit.record"].search_count([("metric_id", "=", metric.id)])
    env.cr.rollback()
    env.invalidate_all(flush=False)
    return taken, number


def imports(env, company):
    """Print how long it takes to import the measurements of many customers, and very many days of one."""
    model = env["customer.benefit.import"].with_context(tracking_disable=True)
    customers = env["customer.value"].search([("company_id", "=", company.id)], limit=IMPORTED // 50).partner_id
    many = [
        f"{customer.name},Benchmark {metric},{LONG_AGO}-{month:02}-01,{LONG_AGO}-{month:02}-28,{40 + month},100"
        for customer in customers for metric in range(5) for month in range(1, 11)
    ]
    first = date(LONG_AGO, 1, 1)
    days = [
        f"{customers[0].name},Benchmark {number % 5},{day},{day},50,100"
        for number in range(DAYS) for day in [first + timedelta(number // 5)]
    ]
    for name, rows in (("measurements of many customers", many), ("days of one customer", days)):
        content = "\n".join(["customer,metric,from,to,value,baseline", *rows]).encode()
        env.invalidate_all()
        start = time.perf_counter()
        result = model._import_file(company, "measurements.csv", content, {})
        env.flush_all()
        print(f"{'import of ' + name + ' (s)':44} {time.perf_counter() - start:10.3f} for {result.imported}")
        if result.imported != len(rows):
            raise SystemExit(f"the import refused rows: {result.errors}")
        env.cr.rollback()
        env.invalidate_all(flush=False)


def screens(measurement, partner):
    """Print how long the statement of a customer, the side of a customer and the picture of both sides take."""
    company = measurement.company
    env = measurement.env(context={**measurement.env.context, "allowed_company_ids": company.ids})
    partner = partner.with_env(env)
    for name, function in {
        "statement of one customer": lambda: partner._customer_benefit_statement(company),
        "side of one customer, with advice": partner.get_benefit_side,
        "picture of both sides, as cells": lambda: env["customer.value"].get_both_sides([]),
    }.items():
        queries = env.cr.sql_log_count
        taken = measurement.median(function)
        queries = (env.cr.sql_log_count - queries) / measurement.rounds
        print(f"{name + ' (ms)':44} {1000 * taken:10.0f} {queries:5.0f} queries")


def figures(measurement, partners):
    """Return what is measured without and with: {name: number}."""
    env, company = measurement.env, measurement.company
    night, longest = nights(measurement)
    some = measurement.median(lambda: measurement.runs._recompute(company, partners=partners))
    env.cr.commit()
    measurement.steps()
    partner = partners[:1].with_context(allowed_company_ids=company.ids)
    return {
        "a night (s)": night, "longest transaction (s)": longest, f"{SOME} changed customers (s)": some,
        "partner form (queries)": form_queries(env, partner),
    }


def measure_benefit(measurement):
    """Measure and print everything.

    :param measurement: a ``Measurement`` of ``recompute.py``
    """
    env, company = measurement.env, measurement.company
    env.cr.commit()
    vacuum(env)
    measurement.night()
    env.cr.commit()
    vacuum(env)
    partners = env["customer.value"].search([("company_id", "=", company.id)], limit=SOME).partner_id
    print("without")
    without = figures(measurement, partners)
    records = fill_benefit(env, company)
    vacuum(env)
    start = time.perf_counter()
    run, _longest = measurement.night()
    first = time.perf_counter() - start
    env.cr.commit()
    vacuum(env)
    print("with")
    for name, number in figures(measurement, partners).items():
        print(f"{name:44} {without[name]:10.3f} without {number:10.3f} with {number / without[name]:7.2f} x")
    print(f"{'first night, all rows written (s)':44} {first:10.3f}")
    taken, number = change_of_worth(env)
    print(f"{'a unit of a metric is worth more (s)':44} {taken:10.3f} for {number} measurements")
    imports(env, company)
    screens(measurement, partners[:1])
    print(f"customers {run.customers}, measurements {records}")
