"""What ``./dev bench recompute`` runs in a shell of its database, after ``generate.py``.

Figures are seconds unless they say otherwise; of everything repeated the median counts.
"""

import resource
import statistics
import time

from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact import facts
from odoo.addons.crm_customer_value.engine.value.recompute import Recompute

SAMPLE = 300
CHANGED = 1000
PAGE = 80


def seconds(function):
    """Return how long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def memory():
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Measurement:
    """The larger of two companies, measured."""

    def __init__(self, env, company, rounds):
        self.env, self.cr, self.company, self.rounds = env, env.cr, company, rounds
        self.runs = env["customer.value.run"]

    def median(self, function, rounds=None):
        """Return the median of several calls, with nothing in the cache."""

        def fresh():
            self.env.invalidate_all()
            return seconds(function)

        return statistics.median(fresh() for _round in range(rounds or self.rounds))

    def night(self):
        """Recompute everybody as the scheduled action does; return the run and its longest transaction."""
        run = self.runs.create({"company_id": self.company.id, "kind": "full"})
        self.cr.commit()
        lengths, commit, start = [], self.cr.commit, time.perf_counter()

        def timed_commit():
            nonlocal start
            commit()
            lengths.append(time.perf_counter() - start)
            start = time.perf_counter()

        self.cr.commit = timed_commit
        try:
            run._process_in_batches(1)
        finally:
            del self.cr.commit
        if run.state != "done":
            raise SystemExit(f"the run ended as {run.state}: {run.error}")
        return run, max(lengths)

    def night_by_steps(self):
        """Recompute everybody; return the run, its longest transaction, and {step: its seconds}, commits left out."""
        spent, do = {}, Recompute.do

        def timed_do(recompute, step, batch):
            spent[step.name] = spent.get(step.name, 0) + seconds(lambda: do(recompute, step, batch))

        Recompute.do = timed_do
        try:
            run, longest = self.night()
        finally:
            Recompute.do = do
        return run, longest, spent

    def steps(self):
        """Print how long each step of a night takes."""
        for name, value in self.night_by_steps()[2].items():
            print(f"{'step ' + name:34} {value:10.3f} s")

    def aggregate(self, query):
        """Run a query and leave its rows where they are."""
        self.cr.execute(SQL("EXPLAIN (ANALYZE, TIMING OFF) %s", query))

    def recomputes(self):
        """Print the recomputes beside the bare aggregates of the same round."""
        before = memory()
        first = seconds(self.night)
        grown = memory() - before
        self.cr.execute("ANALYZE customer_value")
        self.cr.commit()
        last = self.runs._last_full_run(self.company)
        orders = SQL(
            "SELECT partner_id, COUNT(*), SUM(amount_untaxed), MIN(date_order), MAX(date_order)"
            "  FROM sale_order WHERE state = 'sale' AND company_id = %s GROUP BY partner_id",
            self.company.id,
        )
        bare = SQL(
            "SELECT partner_id, COUNT(*), SUM(revenue), SUM(margin), MIN(day), MAX(day)"
            "  FROM (%s) fact GROUP BY partner_id",
            facts.facts_sql(last._scope(after=0, upto=last._last_partner())),
        )
        rounds = []
        for _round in range(self.rounds):
            plain = seconds(lambda: self.aggregate(orders)), seconds(lambda: self.aggregate(bare))
            start = time.perf_counter()
            run, longest = self.night()
            rounds.append((*plain, time.perf_counter() - start, longest, 100 * run.changed / run.customers))
        orders_s, bare_s, full, longest, rewritten = map(statistics.median, zip(*rounds, strict=True))
        some = self.env["customer.value"].search([("company_id", "=", self.company.id)], limit=CHANGED).partner_id
        changed = self.median(lambda: self.runs._recompute(self.company, partners=some))
        self.cr.commit()
        loop = self.median(lambda: self.by_orm(some[:SAMPLE]), 1) / SAMPLE * run.customers
        print(f"customers {run.customers}")
        for name, value in (
            ("bare aggregate of the orders", orders_s), ("bare aggregate of the facts", bare_s),
            ("full, everybody new", first), ("full, a second night", full),
            (f"{CHANGED} changed customers", changed), ("ORM loop, extrapolated", loop),
        ):
            print(f"{name:34} {value:10.3f} s {value / bare_s:9.2f} x facts {value / orders_s:9.2f} x orders")
        print(f"{'longest transaction':34} {longest:10.3f} s")
        print(f"{'rows written the second night':34} {rewritten:10.3f} %")
        print(f"{'memory of the process grew by':34} {grown:10.1f} MB")
        print(f"{'changed customers are found by':34} {self.access(last, some):>10}")

    def access(self, run, partners):
        """Return how the documents of some customers are found, by the query plan."""
        self.cr.execute(SQL("EXPLAIN SELECT * FROM (%s) fact", facts.facts_sql(run._scope(ids=partners.ids))))
        plan = "\n".join(line for (line,) in self.cr.fetchall())
        return "a scan" if "Seq Scan on sale_order" in plan else "an index"

    def by_orm(self, partners):
        """Return the plain measures of some customers, the way of a loop over partners."""
        measures = []
        for partner in partners:
            orders = self.env["sale.order"].search([
                ("partner_id", "child_of", partner.id), ("state", "=", "sale"),
                ("company_id", "=", self.company.id),
            ])
            dates = orders.mapped("date_order")
            measures.append((
                len(orders), sum(orders.mapped("amount_untaxed")), sum(orders.mapped("margin")),
                min(dates, default=None), max(dates, default=None),
            ))
        return measures

    def screens(self):
        """Print how long users wait for lists and groups."""
        env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        partners, values = env["res.partner"], env["customer.value"]
        for name, function in {
            "partners of class A, first page": lambda: partners.search(
                [("value_class", "=", "a")], limit=PAGE).read(["name"]),
            "partners of class A, counted": lambda: partners.search_count([("value_class", "=", "a")]),
            "partners by class, grouped": lambda: partners._read_group([], ["value_class"], ["__count"]),
            "values, first page of the list": lambda: values.search([], limit=PAGE).read(
                ["partner_id", "value_index"]),
            "values, counted": lambda: values.search_count([]),
            "values by class, grouped": lambda: values._read_group(
                [], ["value_class"], ["__count", "revenue_12m:sum"]),
            "values by stage, grouped": lambda: values._read_group(
                [], ["lifecycle_stage_id"], ["__count", "value_at_risk:sum"]),
            "a column of the board": lambda: values.search(
                [("churn_level", "=", "high")], order="value_at_risk DESC, id", limit=PAGE).read(["partner_id"]),
        }.items():
            print(f"{name:34} {self.median(function):10.3f} s")


def measure(env, company, rounds):
    """Measure and print everything."""
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner, sale_order")
    env.cr.commit()
    measurement = Measurement(env, company, rounds)
    measurement.recomputes()
    measurement.steps()
    measurement.screens()
