"""What ``./dev bench actions`` runs in a shell of its database, after ``generate.py``.

Half of the customers belong to one salesperson, the others to ``PEOPLE``; one of thirty has an open quotation, and
there is a lead for every tenth. Figures are seconds unless they say otherwise; of everything repeated the median.
"""

import statistics
import time
from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact import facts

PEOPLE = 50
CHANGED = 1000


def fill_actions(env, generate, customers):
    """Return a company with so many customers of two or more salespeople, and the one who has half of them."""
    # The other company of ``generate`` has a tenth.
    company = generate(env, customers * 10 // 9)[0]
    people = env["res.users"].with_context(no_reset_password=True).create([
        {
            "name": f"Seller {number}", "login": f"seller_{customers}_{number}", "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)],
        }
        for number in range(PEOPLE + 1)
    ])
    team = env["crm.team"].create({"name": "Team", "company_id": company.id})
    env.flush_all()
    parameters = {
        "company": company.id, "one": people[0].id, "others": people[1:].ids, "people": PEOPLE, "team": team.id,
        "stage": env["crm.stage"].search([], limit=1).id,
    }
    for statement in (
        """UPDATE res_partner p
              SET user_id = CASE WHEN id %% 2 = 0 THEN %(one)s ELSE (%(others)s::int[])[1 + (id / 2) %% %(people)s] END
            WHERE EXISTS (SELECT 1 FROM sale_order o WHERE o.partner_id = p.id AND o.company_id = %(company)s)""",
        """UPDATE sale_order o SET user_id = p.user_id FROM res_partner p
            WHERE p.id = o.partner_id AND o.company_id = %(company)s""",
        """INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id, partner_shipping_id, date_order,
                                   state, user_id, currency_id, currency_rate, amount_untaxed, amount_total, margin,
                                   create_date, write_date)
           SELECT 'Q' || id, company_id, partner_id, partner_id, partner_id, NOW() - INTERVAL '10 days', 'sent',
                  user_id, currency_id, 1, amount_untaxed, amount_total, margin, NOW(), NOW()
             FROM sale_order WHERE company_id = %(company)s AND id %% 150 = 0""",
        """INSERT INTO crm_lead (name, type, active, company_id, team_id, stage_id, user_id, probability, won_status,
                                 estimated_value, create_date, date_last_stage_update)
           SELECT 'Lead ' || id, 'lead', TRUE, %(company)s, %(team)s, %(stage)s, user_id, 20, 'pending',
                  id %% 1000, NOW() - INTERVAL '30 days', NOW() - INTERVAL '30 days'
             FROM res_partner WHERE user_id = ANY(%(others)s || %(one)s) AND id %% 10 = 1""",
    ):
        env.cr.execute(statement, parameters)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    env["customer.value.run"]._recompute(company)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return company, people[0]


class ActionMeasurement:
    """The lists of one company, measured."""

    def __init__(self, env, company, user, rounds):
        self.env, self.company, self.user, self.rounds = env, company, user, rounds
        self.actions = env["customer.next.action"]
        self.day = self.actions._today(company)

    def timed(self, function):
        """Return the seconds and the queries of a call, with nothing in the cache."""
        self.env.invalidate_all()
        queries, start = self.env.cr.sql_log_count, time.perf_counter()
        function()
        return time.perf_counter() - start, self.env.cr.sql_log_count - queries

    def bare(self):
        """Aggregate all facts by customer, and do nothing with it."""
        scope = self.env["customer.value.run"]._scope_of_today(self.company)._replace(
            partners=lambda _customer: SQL("TRUE"), contacts=None
        )
        self.env.execute_query(SQL(
            """SELECT COUNT(*) FROM (SELECT partner_id, SUM(revenue), SUM(margin), MAX(day)
                                       FROM (%s) fact GROUP BY partner_id) counted""",
            facts.facts_sql(scope),
        ))

    def night(self, day):
        """Find, note results and deal, as the scheduled action does."""
        self.actions._find(self.company, day)
        self.actions._note_results(self.company, day)
        self.company.next_action_date = day
        self.actions._deal(self.company, day)
        self.env.cr.commit()

    def open(self):
        """Open My Day as its salesperson, with every field of the card."""
        mine = self.actions.with_user(self.user).with_context(allowed_company_ids=self.company.ids)
        mine._action_my_day()
        card = etree.fromstring(mine.get_view(view_type="kanban")["arch"])
        names = {node.get("name"): {} for node in card.iter("field")}
        mine.web_search_read([("user_id", "=", self.user.id), ("state", "=", "open")], names)

    def measure(self):
        """Return {what: (seconds, queries)}."""
        days = [self.day + timedelta(days=number) for number in range(2 * self.rounds + 1)]
        found = {"bare aggregate of the facts": [self.timed(self.bare) for _round in range(self.rounds)]}
        found["first night: everything is new"] = [self.timed(lambda: self.night(days[0]))]
        self.env.cr.execute("ANALYZE customer_next_action")
        self.env.cr.commit()
        found["a night"] = [self.timed(lambda day=day: self.night(day)) for day in days[1:self.rounds + 1]]
        found["to find alone"] = [
            self.timed(lambda: self.actions._find(self.company, days[self.rounds])) for _round in range(self.rounds)
        ]
        partners = self.env["customer.value"].search([("company_id", "=", self.company.id)], limit=CHANGED).partner_id
        found[f"{CHANGED} changed customers"] = [
            self.timed(lambda: self.actions._find(self.company, days[self.rounds], partners.ids))
            for _round in range(self.rounds)
        ]
        found["My Day of who has half of them"] = [self.timed(self.open) for _round in range(self.rounds)]
        return {name: tuple(map(statistics.median, zip(*taken, strict=True))) for name, taken in found.items()}


def measure_actions(env, generate, customers, rounds):
    """Print what nights and the opening of a list cost, of a tenth of the customers and of all."""
    for number in (customers // 10, customers):
        company, user = fill_actions(env, generate, number)
        measurement = ActionMeasurement(env, company, user, rounds)
        taken = measurement.measure()
        bare, _queries = taken["bare aggregate of the facts"]
        counts = dict(measurement.actions._read_group(
            [("company_id", "=", company.id), ("is_current", "=", True)], ["state"], ["__count"]
        ))
        own = env["res.partner"].search_count([("user_id", "=", user.id)])
        print(f"{number} customers, {own} of one person; actions: {counts}")
        for name, (seconds, queries) in taken.items():
            print(f"  {name:32} {seconds:8.3f} s {seconds / bare:6.2f} x bare {queries:6.0f} queries")
