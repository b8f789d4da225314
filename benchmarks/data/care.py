"""What ``./dev bench care`` runs in a shell of its database, after ``generate.py``.

Customers of a company have every occasion of care on a day of their own, spread evenly over some days, so that as much
is due on each of them; on one day (``MUCH``) ten times as much is. Figures are seconds, of everything repeated the
median.
"""

import statistics
import time
from collections import Counter, defaultdict
from datetime import timedelta

from odoo.tools import SQL

# The night, counted from today, on which the occasions of ten nights are due.
MUCH = 20
YEAR = 365
# So many days an occasion lies behind or before that of the same customer that comes before it in the list.
APART = 131
ACTIONS = ("plan", "mail", "gift", "lead")


class Fill:
    """Occasions of the customers of one company, each on one of ``spread`` days from today on."""

    def __init__(self, env, company, spread):
        self.env, self.company, self.spread = env, company, spread
        self.shift = 0
        # Today, as the night sees it.
        self.today = env["customer.care.rule"]._today(company)

    def run(self, statement, **parameters):
        """Run a statement; ``day`` in it is the day of the next occasion of the customer ``bench_customer.n``."""
        self.shift += APART
        place = SQL("(bench_customer.n + %s) %% %s", self.shift, self.spread)
        day = SQL(
            """(%(today)s::date
                + (CASE WHEN %(place)s BETWEEN %(much)s AND %(last)s THEN %(much)s ELSE %(place)s END)::int)""",
            today=self.today, place=place, much=MUCH, last=MUCH + 9,
        )
        self.env.cr.execute(SQL(statement, company=self.company.id, day=day, **parameters))

    def customers(self):
        """Number the customers, and give each of them a value, consent or not, and an address."""
        stages = self.env["customer.lifecycle.stage"].search([("company_id", "=", False)], limit=2)
        self.env.cr.execute("DROP TABLE IF EXISTS bench_customer")
        self.run(
            """CREATE TEMP TABLE bench_customer AS
               SELECT id AS partner_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS n
                 FROM res_partner p
                WHERE name LIKE 'Customer %%' AND id %% 10 <> 0
                  AND NOT EXISTS (SELECT 1 FROM customer_value v WHERE v.partner_id = p.id)"""
        )
        self.env.cr.execute("CREATE UNIQUE INDEX ON bench_customer (partner_id)")
        self.env.cr.execute("ANALYZE bench_customer")
        self.run(
            """UPDATE res_partner p
                  SET email = 'c' || id || '@example.com', email_normalized = 'c' || id || '@example.com',
                      promotion_consent = CASE WHEN n %% 2 = 0 THEN 'given' END,
                      birthday_day = CASE WHEN %(day)s < %(year)s THEN EXTRACT(DAY FROM %(day)s) END,
                      birthday_month = CASE WHEN %(day)s < %(year)s THEN EXTRACT(MONTH FROM %(day)s)::int::text END,
                      country_id = (SELECT id FROM res_country WHERE code = 'DE')
                 FROM bench_customer WHERE partner_id = p.id""",
            year=self.today + timedelta(days=YEAR),
        )
        self.run(
            """INSERT INTO customer_value (company_id, partner_id, value_class, value_index, lifecycle_stage_id,
                                           first_purchase_date)
               SELECT %(company)s, partner_id, (ARRAY['a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'c', 'c'])[1 + n %% 10],
                      50 + n %% 40, %(stage)s, (%(day)s - INTERVAL '1 year')::date
                 FROM bench_customer""",
            stage=stages[1].id,
        )
        for column, ago in (
            ("last_contact_by_us", 90), ("last_purchase_date", 120), ("expected_next_purchase_date", 0),
            ("benefit_fell_on", 0), ("delivered_fell_on", 0),
        ):
            self.run(
                """UPDATE customer_value v SET %(column)s = %(day)s - %(ago)s
                     FROM bench_customer WHERE bench_customer.partner_id = v.partner_id""",
                column=SQL.identifier(column), ago=ago,
            )
        self.run(
            """INSERT INTO customer_lifecycle_transition (company_id, partner_id, from_stage_id, to_stage_id, date,
                                                          reason, entry_state)
               SELECT %(company)s, partner_id, %(before)s, %(stage)s, %(day)s, 'rule', 'none' FROM bench_customer""",
            before=stages[0].id, stage=stages[1].id,
        )

    def documents(self):
        """Deliver an order to each customer, and let their goals be reached, needs met, complaints closed."""
        env, user = self.env, self.env.uid
        channel = env["customer.contact.channel"]._of("phone")
        need_type = env["customer.need.type"].create({"name": "Benchmark", "kind": "need", "dimension": "functional"})
        metric = env["customer.benefit.metric"].create({"name": "Benchmark", "unit": "faults"})
        stage = env.ref("crm_customer_value.complaint_stage_closed")
        env.flush_all()
        self.run(
            """UPDATE sale_order o SET commitment_date = %(day)s + INTERVAL '12 hours'
                 FROM bench_customer
                WHERE o.id = (SELECT MAX(id) FROM sale_order latest
                               WHERE latest.partner_id = bench_customer.partner_id AND latest.state = 'sale')"""
        )
        self.run(
            """INSERT INTO customer_contact_log (company_id, partner_id, commercial_partner_id, user_id, channel_id,
                                                 direction, date, summary)
               SELECT %(company)s, partner_id, partner_id, %(user)s, %(channel)s, 'out', %(day)s - 90, 'Talked'
                 FROM bench_customer""",
            user=user, channel=channel.id,
        )
        self.run(
            """INSERT INTO customer_life_event (company_id, partner_id, commercial_partner_id, kind, name, date,
                                                is_yearly, user_id, create_date)
               SELECT %(company)s, partner_id, partner_id, 'anniversary', 'Founded',
                      (%(day)s - INTERVAL '3 years')::date, TRUE, %(user)s, NOW() AT TIME ZONE 'UTC'
                 FROM bench_customer""",
            user=user,
        )
        self.run(
            """INSERT INTO customer_need (company_id, partner_id, commercial_partner_id, type_id, kind, dimension,
                                          importance, is_guess, source, state, date, date_state, active)
               SELECT %(company)s, partner_id, partner_id, %(type)s, 'need', 'functional', 3, FALSE, 'visit', 'met',
                      %(day)s - 30, %(day)s, TRUE
                 FROM bench_customer""",
            type=need_type.id,
        )
        self.run(
            """WITH goal AS (
                   INSERT INTO customer_benefit_goal (company_id, partner_id, commercial_partner_id, metric_id,
                                                      baseline, target, date_start, date_target, is_proposal, state,
                                                      latest_value, date_latest, active)
                   SELECT %(company)s, partner_id, partner_id, %(metric)s, 100, 50, %(today)s - 700, %(today)s + 60,
                          FALSE, 'reached', 40, %(today)s - 1, TRUE
                     FROM bench_customer
                RETURNING id, partner_id)
               INSERT INTO customer_benefit_record (company_id, partner_id, commercial_partner_id, metric_id, goal_id,
                                                    date_from, date_to, baseline, value, unit, state, source, counts,
                                                    create_date)
               SELECT %(company)s, partner_id, partner_id, %(metric)s, goal.id, %(today)s - 30, %(today)s - 1, 100, 40,
                      'faults', 'confirmed', 'import', TRUE, %(day)s
                 FROM goal JOIN bench_customer USING (partner_id)""",
            metric=metric.id, today=self.today,
        )
        self.run(
            """INSERT INTO customer_complaint (number, name, active, company_id, partner_id, commercial_partner_id,
                                               channel_id, severity, stage_id, state, date_received, date_closed,
                                               deadline_state, is_missed, acknowledge_missed, resolve_missed,
                                               clock_state, escalation_level)
               SELECT 'B' || partner_id, 'Complaint ' || partner_id, TRUE, %(company)s, partner_id, partner_id,
                      %(channel)s, 'low', %(stage)s, 'closed', %(day)s - 9, %(day)s, 'done', FALSE, FALSE, FALSE,
                      'done', 0
                 FROM bench_customer""",
            channel=channel.id, stage=stage.id,
        )
        # Of as many as an occasion has on a day, the index fell since the last month end.
        self.run(
            """INSERT INTO customer_value_snapshot (company_id, partner_id, date, value_index)
               SELECT %(company)s, v.partner_id, DATE_TRUNC('month', %(today)s::date)::date - 1,
                      v.value_index + CASE WHEN n %% %(spread)s = 0 THEN 15 ELSE 0 END
                 FROM customer_value v JOIN bench_customer USING (partner_id)""",
            today=self.today, spread=self.spread,
        )
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()
        env.invalidate_all()


def make_rules(env, company, number):
    """Switch on so many rules of a company: of every occasion, with and without conditions, by every action."""
    user = env.ref("base.user_admin")
    user.company_ids |= company
    plan = env["mail.activity.plan"].create({
        "name": "Benchmark", "res_model": "res.partner", "company_id": False,
        "template_ids": [(0, 0, {
            "activity_type_id": env.ref("mail.mail_activity_data_call").id, "summary": "Benchmark call",
            "responsible_type": "on_demand",
        })],
    })
    template = env["mail.template"].create({
        "name": "Benchmark", "model_id": env["ir.model"]._get_id("res.partner"), "subject": "Hello",
        "body_html": '<p>Dear <t t-out="object.name"/>, all the best</p>', "email_from": "us@example.com",
    })
    ways = {
        "plan": {"plan_id": plan.id},
        "mail": {"template_id": template.id, "kind": "promotion"},
        "gift": {"gift_words": "Flowers", "gift_cost": 20.0},
        "lead": {"lead_name": "Benchmark"},
    }
    # A festival that is tomorrow, for a language that nobody of the benchmark speaks, and one for nobody's country.
    festival = env["customer.festival"].create({
        "name": "Benchmark", "country_ids": env.ref("base.cn").ids,
        "day_ids": [(0, 0, {"date": env["customer.care.rule"]._today(company) + timedelta(days=1)})],
    })
    triggers = [
        {"trigger": "birthday", "value_classes": "ab"},
        {"trigger": "delivery", "offset_days": 3},
        {"trigger": "first_purchase"},
        {"trigger": "silence", "silence_of": "us", "silence_days": 90},
        {"trigger": "stage"},
        {"trigger": "own_date", "own_date": "customer.value:expected_next_purchase_date"},
        {"trigger": "silence", "silence_of": "purchase", "silence_days": 120},
        {"trigger": "need_met"},
        {"trigger": "life_event"},
        {"trigger": "complaint_closed"},
        {"trigger": "goal_reached"},
        {"trigger": "benefit_fell"},
        {"trigger": "delivered_fell"},
        {"trigger": "index_fell"},
        {"trigger": "festival", "festival_ids": festival.ids},
        {"trigger": "birthday", "domain": "[('value_index', '>=', 60)]"},
    ]
    rules = env["customer.care.rule"].create([
        {
            "name": f"Benchmark {place}", "company_id": company.id, "user_id": user.id, "active": True,
            "sequence": place, "quiet_days": 3, **triggers[place % len(triggers)],
            # The second time it is another action.
            "action": action, **ways[action],
        }
        for place in range(number)
        for action in [ACTIONS[(place + place // len(triggers)) % len(ACTIONS)]]
    ])
    env.cr.commit()
    return rules


class Nights:
    """Nights of the rules of one company, measured."""

    def __init__(self, env, company, rules):
        self.env, self.company, self.rules = env, company, rules
        self.logs = env["customer.care.log"]
        self.today = rules._today(company)

    def states(self):
        """Return how many acts there are in which state."""
        domain = [("company_id", "=", self.company.id)]
        return Counter(dict(self.logs._read_group(domain, ["state"], ["__count"])))

    def written(self):
        """Return how many rows this database wrote so far."""
        cr = self.env.cr
        cr.execute("SELECT PG_STAT_FORCE_NEXT_FLUSH()")
        cr.commit()
        cr.execute("SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")
        return int(cr.fetchone()[0])

    def night(self, name, number, *, by_cron=False):
        """Care for whom it is due on a night, counted from today; print and return the seconds."""
        env = self.env
        env.cr.commit()
        env.invalidate_all()
        before, rows = self.states(), self.written()
        queries, start = env.cr.sql_log_count, time.perf_counter()
        self.rules._cron_care(as_of=None if by_cron else self.today + timedelta(days=number))
        taken = time.perf_counter() - start
        queries = env.cr.sql_log_count - queries
        found = dict(self.states() - before)
        print(f"{name:44} {taken:8.2f} s {queries:7} queries {self.written() - rows:7} rows   {found}", flush=True)
        return taken

    def median(self, name, numbers):
        """Return the median of some nights."""
        return statistics.median(self.night(f"{name}, night {number}", number) for number in numbers)

    def steps(self, number):
        """Print how long each rule takes on a night to note who is due, and how long its acts take."""
        rules, logs = type(self.rules), type(self.logs)
        note, work_off, spent, acts = rules._note, logs._work_off, defaultdict(float), Counter()

        def timed_note(rule, day, **options):
            start = time.perf_counter()
            noted = note(rule, day, **options)
            spent["noting " + rule.trigger] += time.perf_counter() - start
            return noted

        def timed_work_off(records, rule, day):
            waiting = records.search_count([("rule_id", "=", rule.id), ("state", "=", "todo")])
            start = time.perf_counter()
            done = work_off(records, rule, day)
            spent["acts " + rule.action] += time.perf_counter() - start
            acts["acts " + rule.action] += waiting
            return done

        rules._note, logs._work_off = timed_note, timed_work_off
        try:
            taken = self.night(f"by steps, night {number}", number)
        finally:
            rules._note, logs._work_off = note, work_off
        for name, value in sorted(spent.items()):
            print(f"  {name:42} {value:8.3f} s   {acts.get(name) or ''}")
        return taken

    def bare(self):
        """Return how long it takes to read the last day of everything that rules go by, customer by customer."""
        queries = [
            SQL("SELECT %s AS partner_id, MAX(%s)::date AS day FROM %s WHERE company_id = %s GROUP BY 1",
                SQL.identifier(customer), SQL.identifier(day), SQL.identifier(table), self.company.id)
            for table, customer, day in (
                ("sale_order", "partner_id", "commitment_date"),
                ("customer_contact_log", "commercial_partner_id", "date"),
                ("customer_life_event", "commercial_partner_id", "date"),
                ("customer_lifecycle_transition", "partner_id", "date"),
                ("customer_need", "commercial_partner_id", "date_state"),
                ("customer_benefit_record", "commercial_partner_id", "create_date"),
                ("customer_complaint", "commercial_partner_id", "date_closed"),
                ("customer_value_snapshot", "partner_id", "date"),
                ("customer_value", "partner_id", "last_purchase_date"),
            )
        ]
        start = time.perf_counter()
        self.env.cr.execute(SQL("EXPLAIN (ANALYZE, TIMING OFF) SELECT partner_id, MAX(day) FROM (%s) known GROUP BY 1",
                                SQL(" UNION ALL ").join(queries)))
        return time.perf_counter() - start


def prepare(env, generate, customers, number, spread):
    """Make a company of so many customers and rules; return its nights."""
    # A tenth of them are customers of the other company.
    company = generate(env, -(-customers * 10 // 9))[0]
    fill = Fill(env, company, spread)
    fill.customers()
    fill.documents()
    return Nights(env, company, make_rules(env, company, number))


def measure_care(env, generate, customers, number, rounds):
    """Measure nights of a company with so many rules, and print them.

    :param generate: the function of ``generate.py``
    :param int rounds: nights of which the median counts
    """
    few = prepare(env, generate, customers // 10, number, YEAR)
    print(f"{customers // 10} customers, {number} rules", flush=True)
    few.night("first night", 0)
    small = few.median("as much to do", range(1, rounds + 1))
    few.rules.active = False
    nights = prepare(env, generate, customers, number, 10 * YEAR)
    print(f"{customers} customers, {number} rules", flush=True)
    nights.night("first night", 0, by_cron=True)
    nights.night("second run of the same night", 0, by_cron=True)
    nights.night("second run, everybody looked at again", 0)
    large = nights.median("as much to do", range(1, rounds + 1))
    nights.night("a night after others without", MUCH - 1)
    much = nights.steps(MUCH)
    nights.night("second run, everybody looked at again", MUCH)
    bare = statistics.median(nights.bare() for _round in range(rounds))
    for name, taken in (
        ("bare aggregate", bare), (f"a night, {customers // 10} customers", small), ("a night", large),
        ("a night with ten times as much to do", much),
    ):
        print(f"{name:44} {taken:8.2f} s {taken / bare:7.1f} x bare {taken / large:7.2f} x a night")
    day = nights.today + timedelta(days=MUCH + 1)
    start = time.perf_counter()
    rows = nights.rules._preview(day, day)
    print(f"{'preview of a day':44} {time.perf_counter() - start:8.2f} s   {len(rows)} occasions")
    company = nights.company
    partner = nights.logs.search([("company_id", "=", company.id)], limit=1).commercial_partner_id
    env.invalidate_all()
    start = time.perf_counter()
    partner.with_company(company).with_context(allowed_company_ids=company.ids)._next_cares()
    print(f"{'next care of one customer':44} {time.perf_counter() - start:8.3f} s")
