from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, date_utils

from ...engine.story import history
from ...engine.value import pipeline
from ...engine.value.recompute import Step
from ..base.number_fields import Integer


class CustomerValueRun(models.Model):
    """The step that a run for a month end adds: its values are kept, and can be looked back at."""

    _inherit = "customer.value.run"

    phase = fields.Selection(selection_add=[("snapshot", "Saving the month end")])
    snapshots = Integer(
        readonly=True, help="Month-end values that this run saved or corrected."
    )

    @api.model
    def _cron_nightly(self):
        """Queue a month end that was not kept yet before the recompute of the night."""
        self._enqueue_month_ends(self.env["res.company"].search([("active", "=", True)]))
        return super()._cron_nightly()

    @api.model
    def _enqueue_month_ends(self, companies):
        """Queue the last month end of each company that has values and did not keep it yet.

        A run that waits for tonight becomes that run: another one for tonight is queued after it,
        so that the values end up as of today.
        """
        # sudo: like :meth:`_enqueue`
        runs = self.sudo()
        for company in companies:
            month_end = self.env["customer.value.snapshot"]._last_month_end(company)
            if runs._month_end_is_kept(company, month_end):
                continue
            waiting = runs.search([
                ("company_id", "=", company.id), ("kind", "=", "full"), ("state", "=", "queued"),
                ("as_of", "=", False),
            ], limit=1)
            if waiting:
                waiting.as_of = month_end
            else:
                runs.create({"company_id": company.id, "kind": "full", "as_of": month_end})

    def _month_end_is_kept(self, company, month_end):
        """Return whether there is nothing to do, or nothing left to do, for a month end."""
        of_company = [("company_id", "=", company.id)]
        return (
            not self.env["customer.value"].search_count(of_company, limit=1)
            or self.env["customer.value.snapshot"].search_count(
                [*of_company, ("date", "=", month_end)], limit=1)
            or self.search([
                *of_company, ("kind", "=", "full"), ("as_of", "=", month_end),
                ("state", "in", ("queued", "running", "done")),
            ]).filtered(lambda run: run.state == "queued" or run._keeps_month_end())
        )

    def _keeps_month_end(self):
        """Return whether this run computes a month that was over when it started.

        Runs of the last day itself do not know yet what is bought in the rest of it.
        """
        if self.kind != "full" or self.as_of != date_utils.end_of(self.as_of, "month"):
            return False
        started = pytz.utc.localize(self.date_start).astimezone(pytz.timezone(self.policy_id.tz))
        return self.as_of < started.date()

    def _steps(self):
        """Keep a month end once all values are written; nothing needs the working tables any more."""
        steps = super()._steps()
        if self._keeps_month_end():
            steps.append(Step("snapshot", self._take_snapshots, batches=1, share=5, tables=False))
        return steps

    def _take_snapshots(self, _recompute, batch):
        """Keep the values of one batch as those of the month end."""
        since = self.as_of - timedelta(days=2 * self.policy_id.window_days - 1)
        values, snapshots = (
            pipeline.id_condition(SQL.identifier(alias, "partner_id"), **batch) for alias in ("v", "s")
        )
        parts = self.env["customer.value"]._counted_parts()
        self.snapshots += history.take(
            self.env.cr, self.company_id.id, self.as_of, since, values, snapshots,
            [column for part in parts.values() for column in part.kept_columns],
        )
        # The rows came by SQL: what the cache knows of them is old.
        self.env["customer.value.snapshot"].invalidate_model(flush=False)
