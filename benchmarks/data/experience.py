"""What ``./dev bench experience`` runs in a shell of its database, after ``generate.py`` and ``recompute.py``."""

import statistics
import time

from odoo.fields import Command
from odoo.tools import SQL

NEW_MESSAGES = 10000
ENTRIES = 5000
PAGES = 1000
ASKED = 100


class Experience:
    """A company whose customers write, are called, are asked, and answer; measured by a ``Measurement``."""

    def __init__(self, measurement):
        self.measurement, self.env, self.company = measurement, measurement.env, measurement.company
        self.cr, self.rounds = measurement.cr, measurement.rounds
        self.user = self.env.ref("base.user_admin")
        self.user.company_ids |= self.company
        self.staff = self.user.partner_id

    def run(self, statement, **parameters):
        """Run a statement in which ``company``, ``user`` and ``staff`` are known."""
        self.env.flush_all()
        self.cr.execute(SQL(
            statement, company=self.company.id, user=self.user.id, staff=self.staff.id, **parameters
        ))

    def done(self):
        """Commit, and let the database know what it holds, as it does by itself within minutes."""
        self.cr.commit()
        self.env.invalidate_all()
        with self.env.registry.cursor() as cr:
            cr.rollback()
            cr._cnx.autocommit = True
            try:
                cr.execute("VACUUM ANALYZE")
            finally:
                cr._cnx.autocommit = False

    def number(self):
        """Number the customers who bought, in ``bench_customer``."""
        self.cr.execute("DROP TABLE IF EXISTS bench_customer")
        self.run(
            """CREATE TEMP TABLE bench_customer AS
               SELECT partner_id, ROW_NUMBER() OVER (ORDER BY partner_id) - 1 AS n
                 FROM customer_value WHERE company_id = %(company)s"""
        )
        self.cr.execute("CREATE UNIQUE INDEX ON bench_customer (n)")
        self.cr.execute("ANALYZE bench_customer")
        self.cr.execute("SELECT COUNT(*) FROM bench_customer")
        (self.customers,) = self.cr.fetchone()
        self.run(
            """UPDATE res_partner p
                  SET email = 'c' || p.id || '@example.com', email_normalized = 'c' || p.id || '@example.com'
                 FROM bench_customer WHERE partner_id = p.id"""
        )

    def write(self, messages, days):
        """Let customers and us write by turns so many messages of the last days; ours go out by e-mail."""
        self.run(
            """WITH message AS (
                   INSERT INTO mail_message (model, res_id, message_type, author_id, date, is_internal,
                                             record_company_id, body, create_date)
                   SELECT 'res.partner', partner_id, CASE WHEN i %% 5 = 0 THEN 'notification' ELSE 'comment' END,
                          CASE WHEN i %% 2 = 0 THEN partner_id ELSE %(staff)s END,
                          NOW() AT TIME ZONE 'UTC' - %(days)s * RANDOM() * INTERVAL '1 day', FALSE, %(company)s,
                          '<p>Hello</p>', NOW() AT TIME ZONE 'UTC'
                     FROM GENERATE_SERIES(1, %(messages)s) i
                     JOIN bench_customer ON n = i %% %(customers)s
                RETURNING id, res_id, author_id)
               INSERT INTO mail_notification (mail_message_id, res_partner_id, author_id, notification_type,
                                              notification_status)
               SELECT id, res_id, author_id, 'email', 'sent' FROM message WHERE author_id = %(staff)s""",
            messages=messages, customers=self.customers, days=days,
        )

    def night(self):
        """Recompute everybody; return seconds of the whole and of its steps, and how many rows it wrote."""
        start = time.perf_counter()
        run, longest, spent = self.measurement.night_by_steps()
        return {
            **spent, "night": time.perf_counter() - start, "longest transaction": longest, "changed": run.changed,
        }

    def nights(self, name):
        """Print the medians of some nights."""
        found = [self.night() for _round in range(self.rounds)]
        self.tell(name, {key: statistics.median(one[key] for one in found) for key in found[0]})

    def tell(self, name, figures):
        """Print what a night took."""
        whole = figures["night"]
        print(f"{name}: {whole:.2f} s, longest transaction {figures['longest transaction']:.2f} s", flush=True)
        for step in ("contacts", "levels"):
            print(f"  step {step:36} {figures[step]:8.3f} s {100 * figures[step] / whole:6.1f} %")

    def timed(self, name, function):
        """Print the median seconds and the queries of a call, with nothing in the cache."""
        queries = self.cr.sql_log_count
        taken = self.measurement.median(function)
        queries = (self.cr.sql_log_count - queries) / self.rounds
        print(f"{name:44} {1000 * taken:8.0f} ms {queries:6.0f} queries", flush=True)
        return taken

    # ---- nights

    def contacts(self, messages):
        """Measure nights in which messages are looked up, first all of them, then those that have come since."""
        self.write(messages, 700)
        self.run(
            """INSERT INTO customer_contact_log (company_id, partner_id, commercial_partner_id, user_id, channel_id,
                                                 direction, date, minutes, summary)
               SELECT %(company)s, partner_id, partner_id, %(user)s, %(channel)s,
                      CASE WHEN i = 1 THEN 'out' ELSE 'in' END,
                      NOW() AT TIME ZONE 'UTC' - 300 * RANDOM() * INTERVAL '1 day', 10, 'Talked'
                 FROM bench_customer CROSS JOIN GENERATE_SERIES(1, 2) i""",
            channel=self.env["customer.contact.channel"]._of("phone").id,
        )
        self.done()
        self.cr.execute("SELECT COUNT(*) FROM mail_message")
        print(f"{self.cr.fetchone()[0]} messages")
        start = time.perf_counter()
        self.cr.execute(
            """EXPLAIN (ANALYZE, TIMING OFF)
               SELECT author_id, MAX(date) FROM mail_message WHERE message_type IN ('comment', 'email')
                GROUP BY author_id"""
        )
        print(f"{'bare aggregate of the messages':44} {time.perf_counter() - start:8.2f} s")
        self.tell("first night with messages", self.night())
        self.done()
        self.nights("a later night")
        self.write(NEW_MESSAGES, 1)
        self.cr.commit()
        self.tell(f"a night after {NEW_MESSAGES} new messages", self.night())

    def levels(self):
        """Measure nights in which customers are placed in levels."""
        levels = self.env["customer.care.level"].search([("code", "!=", False)])
        # As the preview does: all of them are switched on at once.
        start = time.perf_counter()
        levels.write({"is_on": True})
        self.env.flush_all()
        print(f"{'levels switched on, everybody placed':44} {time.perf_counter() - start:8.2f} s")
        self.done()
        self.nights("a night with levels")

    def answers(self):
        """Measure nights with customers who were brought by others, and who would recommend us."""
        self.run(
            """UPDATE res_partner p SET referred_by_id = friend.partner_id
                 FROM bench_customer told JOIN bench_customer friend ON friend.n = told.n / 10
                WHERE told.partner_id = p.id AND told.n %% 10 = 9"""
        )
        self.run(
            """INSERT INTO customer_feedback (company_id, partner_id, commercial_partner_id, state, scale, about, score,
                                              points, mood, date_asked, date_answered, change_count, create_date)
               SELECT %(company)s, partner_id, partner_id, 'answered', 'nps', 'relationship', n %% 11, 10 * (n %% 11),
                      CASE WHEN n %% 11 > 8 THEN 'good' WHEN n %% 11 > 6 THEN 'middling' ELSE 'bad' END,
                      asked, asked + INTERVAL '1 day', 0, asked
                 FROM bench_customer CROSS JOIN GENERATE_SERIES(1, 2) i
                CROSS JOIN LATERAL (SELECT NOW() AT TIME ZONE 'UTC' - (n %% 200 + 100 * i) * INTERVAL '1 day') at(asked)
            """
        )
        self.done()
        self.tell("first night with answers, and who brought whom", self.night())
        self.done()
        self.nights("a night with answers, and who brought whom")

    # ---- questions

    def questions(self):
        """Measure the scheduled action that asks, with much and with nothing due."""
        rules = self.env["customer.feedback.rule"].create([
            {
                "name": "Benchmark", "company_id": self.company.id, "trigger": trigger, "delay_days": 1, "active": True,
                "scale": scale, "question": "How was it?", **values,
            }
            for trigger, scale, values in (
                ("order", "csat", {}), ("payment", "csat", {}), ("complaint", "effort", {}),
                ("period", "nps", {"about": "relationship", "months": 12}),
            )
        ])
        self.env.flush_all()
        # Since long ago: what the last two weeks brought is asked about at once.
        self.cr.execute(SQL(
            "UPDATE customer_feedback_rule SET date_active = NOW() - INTERVAL '1 year' WHERE id = ANY(%s)", rules.ids
        ))
        self.done()
        start, queries = time.perf_counter(), self.cr.sql_log_count
        made = rules._make_requests()
        self.cr.commit()
        print(f"{'whom to ask':44} {1000 * (time.perf_counter() - start):8.0f} ms "
              f"{self.cr.sql_log_count - queries:6} queries   {made} are asked", flush=True)
        self.timed("whom to ask, nobody is due", rules._make_requests)
        feedback = self.env["customer.feedback"]
        waiting = feedback.search([("state", "=", "waiting"), ("company_id", "=", self.company.id)], limit=ASKED)
        self.env.invalidate_all()
        start, queries = time.perf_counter(), self.cr.sql_log_count
        waiting._send()
        self.env.flush_all()
        print(f"{f'{len(waiting)} questions sent':44} {1000 * (time.perf_counter() - start):8.0f} ms "
              f"{self.cr.sql_log_count - queries:6} queries", flush=True)
        self.timed("preview of a rule that asks after orders", rules[0]._preview_rows)
        self.cr.rollback()
        self.env.invalidate_all(flush=False)

    # ---- screens

    def screens(self):
        """Measure what users wait for."""
        env = self.env(user=self.user, context={
            "allowed_company_ids": self.company.ids, "lang": "en_US", "tz": "UTC",
        })
        report = env["customer.care.level.attention"]
        self.timed("report Care by Level", lambda: report.search([]).read())
        levels = env["customer.care.level"].search([("code", "!=", False)])
        self.timed("care levels, with their customers", lambda: levels.read(["name", "customer_count", "broken_count"]))
        values = env["customer.value"]
        self.timed("broken promises, first page", lambda: values.search(
            [("care_overdue_days", ">", 0)], limit=80).read(["partner_id", "care_level_id", "care_overdue_days"]))
        self.timed("broken promises, counted", lambda: values.search_count([("care_overdue_days", ">", 0)]))
        self.timed("silent for 90 days, counted", lambda: values.search_count([("days_since_contact", ">=", 90)]))
        self.timed("answers by month, recommendation", lambda: env["customer.feedback"]._read_group(
            [("scale", "=", "nps")], ["date_answered:month"], ["net_promoter:avg", "__count"]))
        self.cr.execute("SELECT partner_id FROM bench_customer WHERE n = 0")
        partner = env["res.partner"].browse(self.cr.fetchone()[0])
        shown = partner.get_view(view_type="form")["models"]["res.partner"]
        shown = {name: {} for name in shown if name in partner._fields}
        partner.web_read(shown)
        self.timed("form of a contact", lambda: partner.web_read(shown))

    # ---- the timeline

    def entries(self):
        """Give one customer thousands of entries of several kinds, and return it as a salesperson sees it."""
        seller = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "timeline", "login": "timeline", "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
            "group_ids": [Command.link(self.env.ref("sales_team.group_sale_salesman").id)],
        })
        self.cr.execute("SELECT partner_id FROM bench_customer WHERE n = 1")
        (customer,) = self.cr.fetchone()
        channel = self.env["customer.contact.channel"]._of("phone")
        parameters = {"customer": customer, "many": ENTRIES // 4, "seller": seller.id}
        self.env.flush_all()
        self.run("UPDATE res_partner SET user_id = %(seller)s WHERE id = %(customer)s", **parameters)
        for statement in (
            """INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id, partner_shipping_id, user_id,
                                       date_order, state, currency_id, currency_rate, amount_untaxed, amount_total)
               SELECT 'T' || i, %(company)s, %(customer)s, %(customer)s, %(customer)s, %(seller)s,
                      NOW() AT TIME ZONE 'UTC' - i * INTERVAL '5 hours', 'sale',
                      (SELECT currency_id FROM res_company WHERE id = %(company)s), 1, i, i
                 FROM GENERATE_SERIES(1, %(many)s) i""",
            """INSERT INTO customer_contact_log (company_id, partner_id, commercial_partner_id, user_id, channel_id,
                                                 direction, date, minutes, summary)
               SELECT %(company)s, %(customer)s, %(customer)s, %(seller)s, %(channel)s, 'out',
                      NOW() AT TIME ZONE 'UTC' - i * INTERVAL '7 hours', 10, 'Talked'
                 FROM GENERATE_SERIES(1, %(many)s) i""",
            """INSERT INTO customer_contact_note (company_id, partner_id, commercial_partner_id, user_id, date, text,
                                                  active)
               SELECT %(company)s, %(customer)s, %(customer)s, %(seller)s, CURRENT_DATE - i, 'Likes tea', TRUE
                 FROM GENERATE_SERIES(1, %(many)s) i""",
            """INSERT INTO customer_life_event (company_id, partner_id, commercial_partner_id, kind, name, date,
                                                user_id, create_date)
               SELECT %(company)s, %(customer)s, %(customer)s, 'other', 'Moved', CURRENT_DATE - i, %(seller)s,
                      NOW() AT TIME ZONE 'UTC'
                 FROM GENERATE_SERIES(1, %(many)s) i""",
        ):
            self.run(statement, channel=channel.id, **parameters)
        self.done()
        env = self.env(user=seller, context={"allowed_company_ids": self.company.ids, "lang": "en_US", "tz": "UTC"})
        return env["res.partner"].browse(customer)

    def timeline(self):
        """Measure the pages of a timeline."""
        customer = self.entries()
        # What is read once by every worker, such as views and rights.
        customer.get_timeline()
        counts = {kind["name"]: kind["count"] for kind in customer.get_timeline()["kinds"] if kind["count"]}
        print(f"entries of the timeline: {sum(counts.values())} ({counts})")
        self.timed("timeline, first page", customer.get_timeline)
        self.timed("timeline, first page of one kind", lambda: customer.get_timeline(["contact"]))
        for limit in (30, 100):
            after, shown, times = None, 0, []
            while shown < PAGES:
                self.env.invalidate_all()
                start = time.perf_counter()
                page = customer.get_timeline(None, after, limit)
                times.append(time.perf_counter() - start)
                shown, after = shown + len(page["entries"]), page["next"]
            print(f"{f'timeline, {shown} entries by pages of {limit}':44} {1000 * sum(times):8.0f} ms, "
                  f"{1000 * statistics.median(times):.0f} ms a page, the longest {1000 * max(times):.0f} ms")


def measure_experience(measurement, messages):
    """Measure and print everything.

    :param measurement: a ``Measurement`` of ``recompute.py``
    """
    measurement.cr.commit()
    experience = Experience(measurement)
    experience.done()
    measurement.night()
    experience.number()
    experience.done()
    print(f"{experience.customers} customers")
    experience.nights("a night without")
    experience.contacts(messages)
    experience.levels()
    experience.answers()
    experience.questions()
    experience.screens()
    experience.timeline()
