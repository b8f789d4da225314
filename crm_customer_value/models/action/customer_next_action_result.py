"""What came of actions, once the days of their kind are over."""

from odoo import api, models
from odoo.tools import SQL

from ...engine.action import dealing
from ...engine.fact import facts
from ..value.customer_value_next_action import Asked

# Rows of one step; the next ones follow in the next step.
AT_ONCE = 5000


class CustomerNextAction(models.Model):
    _inherit = "customer.next.action"

    @api.model
    def _note_results(self, company, day):
        """Note what came of the actions of a company whose days are over on a day."""
        values = self.env["customer.value"]
        kinds = values._next_actions()
        self.env.flush_all()
        for kind, action in kinds.items():
            if action.outcome == "settled":
                query = action.find(values, Asked(company.id, day))
                self.env.cr.execute(dealing.settled_sql(company.id, day, kind, action, query))
        days = {kind: action.days for kind, action in kinds.items() if action.outcome == "bought"}
        while due := self._due_for_result(company, day, days):
            self._note_purchases(company, due, days)
        self.env["customer.next.action"].invalidate_model(flush=False)

    @api.model
    def _due_for_result(self, company, day, days):
        """Return (ids of actions, ids of their customers) whose days are over, or None."""
        rows = self.env.execute_query(SQL(
            """SELECT a.id, a.partner_id FROM customer_next_action a
                 JOIN UNNEST(%s::varchar[], %s::int[]) AS within(kind, days) ON within.kind = a.kind
                WHERE a.company_id = %s AND a.result IS NULL AND a.date_first < %s::date - within.days
                ORDER BY a.id LIMIT %s""",
            list(days), list(days.values()), company.id, day, AT_ONCE,
        ))
        return rows and tuple(map(list, zip(*rows, strict=True)))

    @api.model
    def _note_purchases(self, company, due, days):
        runs = self.env["customer.value.run"]
        runs._flush_facts()
        ids, customers = due
        contacts = self.env["res.partner"].with_context(active_test=False).search([
            ("commercial_partner_id", "in", customers)
        ])
        scope = runs._scope_of_today(company)._replace(
            partners=lambda customer: SQL("%s = ANY(%s)", customer, customers), contacts=contacts.ids
        )
        self.env.cr.execute(dealing.results_sql(facts.facts_sql(scope), ids, days))
