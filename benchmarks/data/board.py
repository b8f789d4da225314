"""What ``./dev bench board`` runs in a shell of its database, after ``generate.py``.

The requests are those that a browser sends for the board, read from its view. Figures are milliseconds, queries and
kilobytes of the answer; of everything repeated the median counts.
"""

import json
import statistics
import time

from lxml import etree

from odoo.fields import Command

PAGE = 80
SHARE = 10  # every tenth customer and order is the salesperson's; the others are a colleague's


def share_out(env, company):
    """Give the customers and orders of a company to two salespeople; return them as (one, all documents)."""
    one, everything = env["res.users"].with_context(no_reset_password=True).create([
        {
            "name": login, "login": login, "company_id": company.id, "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(f"sales_team.{group}").id)],
        }
        for login, group in (
            ("board_own", "group_sale_salesman"), ("board_all", "group_sale_salesman_all_leads"),
        )
    ])
    env.flush_all()
    parameters = {"share": SHARE, "one": one.id, "other": everything.id, "company": company.id}
    for statement in (
        """UPDATE sale_order SET user_id = CASE WHEN partner_id %% %(share)s = 1 THEN %(one)s ELSE %(other)s END
            WHERE company_id = %(company)s""",
        """UPDATE res_partner SET user_id = CASE WHEN id %% %(share)s = 1 THEN %(one)s ELSE %(other)s END
            WHERE id IN (SELECT partner_id FROM sale_order WHERE company_id = %(company)s)""",
    ):
        env.cr.execute(statement, parameters)
    env.invalidate_all()
    return one, everything


class BoardMeasurement:
    """The screens of one user, measured."""

    def __init__(self, env, user, rounds):
        self.env = env(user=user, context={"allowed_company_ids": user.company_id.ids, "lang": "en_US", "tz": "UTC"})
        self.rounds = rounds
        self.values = self.env["customer.value"]
        arch = etree.fromstring(self.values.get_view(view_type="kanban")["arch"])
        self.limit = int(arch.get("limit"))
        self.bar = arch.find("progressbar")
        self.order = f"{self.bar.get('sum_field')} DESC, value_index DESC"
        self.card = {
            node.get("name"): {"fields": {"display_name": {}}}
            if self.values._fields[node.get("name")].type == "many2one" else {}
            for node in arch.iter("field")
        }

    def median(self, name, function):
        """Print the median of several calls with nothing in the cache."""
        found = []
        for _round in range(self.rounds):
            self.env.invalidate_all()
            queries, start = self.env.cr.sql_log_count, time.perf_counter()
            answer = function()
            took = 1000 * (time.perf_counter() - start)
            size = len(json.dumps(answer, default=str)) / 1024
            found.append((took, self.env.cr.sql_log_count - queries, size))
        milliseconds, queries, size = map(statistics.median, zip(*found, strict=True))
        print(f"  {name:44} {milliseconds:9.0f} ms {queries:5.0f} queries {size:7.0f} kB")

    def board(self, domain=()):
        """Return the columns with their cards."""
        return self.values.with_context(read_group_expand=True).web_read_group(
            list(domain), ["lifecycle_stage_id"],
            [f"{self.bar.get('sum_field')}:sum", "currency_id:array_agg_distinct"],
            auto_unfold=True, order=self.order, unfold_read_specification=self.card,
            unfold_read_default_limit=self.limit,
        )

    def bars(self):
        """Return the numbers of the progress bars."""
        return self.values.read_progress_bar(
            [], "lifecycle_stage_id",
            {"field": self.bar.get("field"), "colors": json.loads(self.bar.get("colors"))},
        )

    def purchases(self):
        """Return the purchases of the customer with most of them."""
        value = self.values.search([], order="order_count desc", limit=1)
        return self.env["customer.value.purchase"].web_search_read(
            [("value_id", "=", value.id)], {"date": {}, "name": {}, "revenue": {}, "margin": {}}, limit=PAGE
        )

    def screens(self):
        """Print all of them."""
        shown = {"partner_id": {"fields": {"display_name": {}}}, "shown_revenue_12m": {}, "amounts_visible": {}}
        self.median("board: columns and cards", self.board)
        self.median("board: progress bars", self.bars)
        self.median("board: search for one customer", lambda: self.board([("partner_id", "ilike", "Customer 77")]))
        self.median("list: first page, most revenue first", lambda: self.values.web_search_read(
            [], shown, order="shown_revenue_12m desc", limit=PAGE))
        self.median("pivot: revenue by salesperson", lambda: self.values.formatted_read_group(
            [], ["user_id"], ["shown_revenue_12m:sum"]))
        self.median("purchases of one customer", self.purchases)


def measure_board(env, company, rounds):
    """Recompute the values of a company and print how long its screens take."""
    own, everything = share_out(env, company)
    run = env["customer.value.run"]._recompute(company)
    env.cr.commit()
    for table in ("customer_value", "sale_order", "res_partner"):
        env.cr.execute(f"ANALYZE {table}")
    print(f"customers {run.customers}")
    for name, user in (("who may see all documents", everything), ("a salesperson", own)):
        print(name)
        BoardMeasurement(env, user, rounds).screens()
