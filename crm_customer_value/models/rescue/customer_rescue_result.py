"""What came of efforts: noted every night."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.fact import facts
from ...engine.rescue import results

# Rows of one step.
AT_ONCE = 5000


class CustomerRescue(models.Model):
    _inherit = "customer.rescue"

    @api.model
    def _cron_results(self):
        """Note what customers bought after efforts of the last year, company by company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for left, company in enumerate(reversed(companies)):
            self._note_results(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - 1 - left):
                return

    @api.model
    def _note_results(self, company):
        """Note what customers of a company bought after efforts of the last year."""
        runs = self.env["customer.value.run"]
        runs._flush_facts()
        self.env.flush_all()
        scope = runs._scope_of_today(company)
        # sudo: what came of efforts is for the program to write.
        rescues = self.sudo().search(
            [
                ("company_id", "=", company.id), ("date", "<=", scope.as_of),
                ("date", ">=", scope.as_of - timedelta(days=results.PAID_DAYS + 1)),
            ],
            order="id",
        )
        for start in range(0, len(rescues), AT_ONCE):
            self._note_results_of(scope, rescues[start:start + AT_ONCE])

    @api.model
    def _note_results_of(self, scope, rescues):
        customers = rescues.commercial_partner_id.ids
        contacts = self.env["res.partner"].with_context(active_test=False).search([
            ("commercial_partner_id", "in", customers)
        ])
        scope = scope._replace(
            partners=lambda customer: SQL("%s = ANY(%s)", customer, customers), contacts=contacts.ids
        )
        self.env.cr.execute(results.results_sql(facts.facts_sql(scope), rescues.ids, scope.as_of))
        rescues.invalidate_recordset(["result", "result_date", "bought_on", "revenue", "margin"], flush=False)
