"""What ``./dev bench complaints`` runs in a shell of its database: complaints in bulk by SQL, and measurements.

Three of ten complaints are open; of these nothing is due before next year, until ``make_due`` changes that for
some. Figures are milliseconds and queries; of everything repeated the median counts.
"""

import statistics
import time

COMPLAINTS_PER_CUSTOMER = 10
STAGES = ("received", "investigating", "waiting", "answered", *["closed"] * 6)
PAGE = 80
DUE = 100
LIST = (
    "number", "name", "commercial_partner_id", "severity", "stage_id", "user_id", "team_id", "deadline",
    "deadline_state", "is_missed", "hours_left", "date_received",
)


def prepare(env):
    """Return a company with teams and deadline rules for the complaints."""
    company = env["res.company"].create({"name": "Benchmark Service", "currency_id": env.ref("base.USD").id})
    env.user.company_ids |= company
    env["customer.complaint.team"].with_company(company).create([
        {"name": f"Team {letter}", "company_id": company.id, "leader_id": env.user.id} for letter in "ABC"
    ])
    env.flush_all()
    return company


def generate(env, company, complaints, seed=0.42):
    """Add complaints to those of ``company``, so that it has ``complaints`` of them.

    :param int complaints: how many there are afterwards
    :param float seed: of PostgreSQL's random numbers, -1 to 1
    """
    cr, have = env.cr, env["customer.complaint"].search_count([("company_id", "=", company.id)])
    customers = complaints // COMPLAINTS_PER_CUSTOMER - have // COMPLAINTS_PER_CUSTOMER
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
    stages = [env.ref(f"crm_customer_value.complaint_stage_{name}") for name in STAGES]
    rules = env["customer.complaint.sla"].search([("company_id", "=", False)])
    calendar = company.resource_calendar_id
    next_year = env.cr.now().replace(microsecond=0, year=env.cr.now().year + 1)
    cr.execute(
        """INSERT INTO customer_complaint (
               number, name, active, company_id, partner_id, commercial_partner_id, team_id, channel_id, severity,
               stage_id, state, date_received, date_acknowledged, date_closed, sla_id,
               promised_acknowledge_hours, promised_resolve_hours, resolve_deadline, deadline, deadline_state,
               is_missed, acknowledge_missed, resolve_missed, amount_at_stake, stake_rank, clock_state, clock_started,
               clock_used, clock_round, clock_calendar_id, clock_check_at, escalation_level, create_date, write_date)
           SELECT 'B' || n, 'Complaint ' || n, TRUE, %(company)s, customer, customer,
                  (%(teams)s::int[])[1 + n %% 3], %(channel)s, (ARRAY['low', 'medium', 'high', 'critical'])[1 + n %% 4],
                  (%(stages)s::int[])[kind], (%(states)s::text[])[kind], received,
                  CASE WHEN kind > 1 THEN received + INTERVAL '1 hour' END,
                  CASE WHEN kind > 4 THEN received + INTERVAL '9 days' END,
                  (%(rules)s::int[])[1 + n %% %(rule_count)s], 4, 16, %(later)s,
                  CASE WHEN kind <= 2 THEN %(later)s::timestamp END,
                  CASE WHEN kind <= 2 THEN 'in_time' WHEN kind = 3 THEN 'stopped' ELSE 'done' END,
                  RANDOM() < 0.1, FALSE, FALSE, ROUND((1000 * RANDOM())::numeric, 2), FLOOR(6 * RANDOM())::int,
                  CASE WHEN kind <= 2 THEN 'running' WHEN kind = 3 THEN 'stopped' ELSE 'done' END,
                  CASE WHEN kind <= 2 THEN received END, 0, 0, %(calendar)s,
                  CASE WHEN kind <= 2 THEN %(later)s::timestamp END, 0, received, received
             FROM (SELECT n, %(first)s + 1 + FLOOR(%(customers)s * RANDOM())::int AS customer, 1 + n %% 10 AS kind,
                          DATE_TRUNC('second', NOW() AT TIME ZONE 'UTC' - INTERVAL '1 day' * 700 * RANDOM())
                              AS received
                     FROM GENERATE_SERIES(%(have)s + 1, %(complaints)s) n) drawn""",
        {
            "company": company.id, "first": first, "customers": customers, "have": have, "complaints": complaints,
            "teams": env["customer.complaint.team"].search([("company_id", "=", company.id)]).ids,
            "stages": [stage.id for stage in stages], "states": [stage.state for stage in stages],
            "rules": rules.ids, "rule_count": len(rules), "calendar": calendar.id, "later": next_year,
            "channel": env["customer.contact.channel"]._of("phone").id,
        },
    )
    env.invalidate_all()


def make_due(env, company, count):
    """Have the clocks of ``count`` complaints in Investigating run out: all three levels of a rule are due."""
    rule = env.ref("crm_customer_value.complaint_sla_critical")
    env.cr.execute(
        """UPDATE customer_complaint
              SET sla_id = %s, resolve_missed = FALSE, is_missed = FALSE, resolve_deadline = NULL,
                  clock_started = NOW() AT TIME ZONE 'UTC' - INTERVAL '60 days', clock_used = 0,
                  clock_check_at = NOW() AT TIME ZONE 'UTC' - INTERVAL '1 hour'
            WHERE id IN (SELECT id FROM customer_complaint
                          WHERE company_id = %s AND state = 'handling' AND clock_state = 'running'
                            AND escalation_level = 0 ORDER BY id LIMIT %s)""",
        [rule.id, company.id, count],
    )
    env.invalidate_all()
    return env.cr.rowcount


class ComplaintMeasurement:
    """One company's complaints, measured."""

    def __init__(self, env, company, rounds):
        self.env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.company, self.rounds = company, rounds
        self.complaints = self.env["customer.complaint"]

    def once(self, function):
        """Return the milliseconds and queries of one call, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        queries, start = self.env.cr.sql_log_count, time.perf_counter()
        function()
        self.env.flush_all()
        return 1000 * (time.perf_counter() - start), self.env.cr.sql_log_count - queries

    def median(self, function):
        """Return the medians of several calls."""
        return tuple(map(statistics.median, zip(*(self.once(function) for _round in range(self.rounds)), strict=True)))

    def screens(self):
        """Return what people wait for: {name: (milliseconds, queries)}."""
        complaints = self.complaints
        running = [("state", "in", ("received", "handling", "answered"))]
        return {
            "list: first page of open complaints": self.median(
                lambda: complaints.web_search_read(running, {name: {} for name in LIST}, limit=PAGE)),
            "list: open complaints counted": self.median(lambda: complaints.search_count(running)),
            "list: fewer than two hours left": self.median(
                lambda: complaints.search([("hours_left", "<", 2), *running], limit=PAGE)),
            "board: columns": self.median(
                lambda: complaints.formatted_read_group(running, ["stage_id"], ["__count", "is_missed:bool_or"])),
            "board: cards of a column": self.median(
                lambda: complaints.web_search_read(
                    [("state", "=", "handling")], {name: {} for name in LIST}, limit=PAGE)),
            "board: progress bars": self.median(
                lambda: complaints.formatted_read_group(running, ["stage_id", "deadline_state"], ["__count"])),
        }

    def escalation(self):
        """Return the cost of the scheduled action with nothing and with a hundred complaints due."""
        nothing = self.median(self.complaints._process_due_clocks)
        due = []
        for _round in range(self.rounds):
            made = make_due(self.env, self.company, DUE)
            due.append(self.once(lambda: self.complaints._process_due_clocks(DUE)))
            self.env.cr.execute(
                "SELECT COUNT(*) FROM customer_complaint WHERE clock_check_at <= NOW() AT TIME ZONE 'UTC'")
            (left,) = self.env.cr.fetchone()
            if made != DUE or left:
                raise SystemExit(f"{made} of {DUE} were made due, {left} are left")
            self.env.cr.rollback()
        return {
            "scheduled action: nothing due": nothing,
            f"scheduled action: {DUE} due, two levels each": tuple(
                map(statistics.median, zip(*due, strict=True))),
        }


def measure_all(env, customers, rounds):
    """Measure and print everything, at a hundredth, a tenth, and all of the complaints."""
    company = prepare(env)
    total = customers * COMPLAINTS_PER_CUSTOMER
    columns = {}
    for complaints in sorted({max(10 * DUE, total // 100), max(10 * DUE, total // 10), total}):
        generate(env, company, complaints)
        env.cr.commit()
        env.cr.execute("ANALYZE customer_complaint, res_partner")
        env.cr.commit()
        measurement = ComplaintMeasurement(env, company, rounds)
        columns[complaints] = {**measurement.screens(), **measurement.escalation()}
    print(f"{'complaints':45}" + "".join(f"{complaints:>22,}" for complaints in columns))
    for name in columns[total]:
        figures = (column[name] for column in columns.values())
        print(f"{name:45}" + "".join(f"{ms:10.1f} ms {queries:5.0f} q." for ms, queries in figures))
