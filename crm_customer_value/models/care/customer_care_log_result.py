"""What came of care: noted once the 90 days after it are over."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.care import planning
from ...engine.fact import facts

# Within which days a purchase counts as a result; chosen before anything was measured.
RESULT_DAYS = 90
# Rows of one step; the next ones follow in the next step.
AT_ONCE = 5000


class CustomerCareLog(models.Model):
    _inherit = "customer.care.log"

    @api.model
    def _note_results(self, company, day):
        """Note what came of care whose 90 days are over on a day, of a company, in steps."""
        last = day - timedelta(days=RESULT_DAYS + 1)
        while due := self.search(
            [
                ("company_id", "=", company.id), ("date", "<=", last), ("result", "=", False),
                ("state", "in", ("done", "held_out")),
            ],
            order="date, id", limit=AT_ONCE,
        ):
            self._note_results_of(company, due)
            if not self.env["ir.cron"]._commit_progress():
                return

    @api.model
    def _note_results_of(self, company, logs):
        runs = self.env["customer.value.run"]
        runs._flush_facts()
        self.env.flush_all()
        customers = logs.commercial_partner_id.ids
        contacts = self.env["res.partner"].with_context(active_test=False).search([
            ("commercial_partner_id", "in", customers)
        ])
        scope = runs._scope_of_today(company)._replace(
            partners=lambda customer: SQL("%s = ANY(%s)", customer, customers), contacts=contacts.ids
        )
        self.env.cr.execute(planning.results_sql(facts.facts_sql(scope), logs.ids, RESULT_DAYS))
        logs.invalidate_recordset(["result", "result_index"], flush=False)
