import logging
from datetime import datetime, timedelta

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import pipeline

_logger = logging.getLogger(__name__)

WORK_CRON = "crm_customer_value.ir_cron_customer_value_work"
KEEP_INCREMENTAL_DAYS = 30


class CustomerValueRun(models.Model):
    """One recompute of the values of one company: what it did, by which rules, and how it ended."""

    _name = "customer.value.run"
    _description = "Customer Value Recompute"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("customer.value.policy", readonly=True)
    kind = fields.Selection(
        [("full", "All customers"), ("incremental", "Changed customers")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    as_of = fields.Date(
        readonly=True, help="The last day that counts; facts after it do not exist for this run."
    )
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    duration = fields.Float("Duration (s)", readonly=True, aggregator="avg")
    customers = fields.Integer(readonly=True, help="Customers with facts.")
    changed = fields.Integer(readonly=True, help="Rows written because something in them differed.")
    removed = fields.Integer(readonly=True, help="Rows of customers who have no facts any more.")
    progress = fields.Float(readonly=True, aggregator=None, help="Percent.")
    phase = fields.Selection(
        [("gather", "Gathering purchases"), ("score", "Scoring customers")], readonly=True
    )
    last_partner_id = fields.Integer(
        readonly=True, aggregator=None, help="Where a run that was interrupted goes on."
    )
    cut_points = fields.Json(readonly=True)
    outlook = fields.Json(
        readonly=True, help="The model of the predictions: learned once a week, used until the next."
    )
    outlook_summary = fields.Text(compute="_compute_outlook_summary")
    warning = fields.Text(readonly=True)
    error = fields.Text(readonly=True)

    @api.depends("company_id.name", "as_of", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{run.company_id.name}, {kinds[run.kind]} #{run.id}"

    @api.model
    def _recompute(self, companies, as_of=None, partners=None):
        """Recompute customer values now, in this transaction, and return the runs.

        :param companies: res.company records, one run each
        :param date as_of: the day to compute for, today in each company's time zone by default
        :param partners: res.partner records to limit the recompute to; their commercial
            partners and, for partners that lost that rank, their old rows are brought up to date
        :raise UserError: if ``as_of`` lies in the future, or another recompute of one of the
            companies is under way
        """
        runs = self.browse()
        for company in companies:
            if not pipeline.try_lock(self.env.cr, company.id):
                raise UserError(self._busy_message(company))
            run = self._new_run(company, as_of=as_of, partners=partners)
            run._process_at_once(partners)
            runs |= run
        return runs

    @api.model
    def _enqueue(self, companies):
        """Have the scheduled action recompute all customers of ``companies``; return the runs.

        A company whose full recompute already waits is not queued twice.
        """
        # sudo: activating a policy or installing the addon starts a run for its company.
        runs = self.sudo()
        waiting = runs.search([
            ("company_id", "in", companies.ids), ("kind", "=", "full"), ("state", "=", "queued"),
        ])
        new = runs.create([
            {"company_id": company.id, "kind": "full"} for company in companies - waiting.company_id
        ])
        self.env.ref(WORK_CRON)._trigger()
        return waiting | new

    def action_recompute(self):
        """Queue a recompute of the current company ("Recompute now") and show it."""
        self.check_access("create")
        company = self.env.company
        busy = self.search([("company_id", "=", company.id), ("state", "=", "running"),
                            ("kind", "=", "full")], limit=1)
        if busy:
            raise UserError(self._busy_message(company))
        run = self._enqueue(company)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": run[:1].id,
            "views": [(False, "form")],
        }

    def action_retry(self):
        """Queue a failed run's company again."""
        self.check_access("write")
        runs = self._enqueue(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": runs[:1].id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_nightly(self):
        """Queue a full recompute of every company."""
        self._enqueue(self.env["res.company"].search([("active", "=", True)]))

    @api.model
    def _cron_work(self):
        """Work off queued and interrupted full runs, then the marks of changed customers."""
        waiting = self.search([("state", "in", ("queued", "running")), ("kind", "=", "full")], order="id")
        for position, run in enumerate(waiting):
            with pipeline.session_lock(self.env.cr, run.company_id.id) as free:
                if not free:
                    _logger.info("%s: another recompute of this company is running", run.display_name)
                elif not run._process_in_batches(len(waiting) - position):
                    return
        self._work_off_marks()

    @api.model
    def _work_off_marks(self):
        """Recompute the customers that are marked, company by company, a batch at a time."""
        marks = self.env["customer.value.mark"]
        every = self.env["res.company"].search([("active", "=", True)])
        while taken := marks._take(self._batch_size()):
            anywhere = taken.pop(0, set())
            for company in every:
                ids = anywhere | taken.get(company.id, set())
                if not ids:
                    continue
                if not self._last_cut_points(company):
                    # Nothing to compare with yet: everybody is computed, in batches.
                    self._enqueue(company)
                    continue
                try:
                    self._recompute(company, partners=self.env["res.partner"].browse(sorted(ids)))
                except psycopg2.OperationalError:
                    raise
                except Exception as error:
                    self._keep_marks(company, error)
                    return
            left = marks.search_count([], limit=1)
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return

    def _keep_marks(self, company, error):
        """Give the marks that were taken back, to be tried again, and note a failure in the log."""
        self.env.cr.rollback()
        if isinstance(error, UserError):
            # Busy: that recompute may have read before the change was made.
            _logger.info("Changed customers wait: %s", error)
            self.env.ref(WORK_CRON)._trigger(fields.Datetime.now() + timedelta(minutes=1))
            return
        _logger.warning("Recompute of changed customers failed", exc_info=error)
        now = fields.Datetime.now()
        self.create({
            "company_id": company.id, "kind": "incremental", "state": "failed", "error": str(error),
            "date_start": now, "date_end": now,
        })

    def _new_run(self, company, *, as_of=None, partners=None):
        """Create the record of a run that starts now."""
        # sudo: a recompute is a matter of the system; who may start one is checked by the
        # buttons that do.
        runs = self.sudo()
        kind = "full"
        if partners is not None and self._last_cut_points(company):
            kind = "incremental"
        run = runs.create({"company_id": company.id, "kind": kind})
        run._start(as_of)
        return run

    def _start(self, as_of=None):
        """Fix the day and the rules of this run."""
        policy = self.env["customer.value.policy"]._get_active(self.company_id)
        today = datetime.now(pytz.timezone(policy.tz)).date()
        as_of = as_of or today
        if as_of > today:
            raise UserError(self.env._(
                "Customer values cannot be computed for %(day)s: it is in the future. Today is "
                "%(today)s in the time zone of %(company)s.",
                day=as_of, today=today, company=self.company_id.name,
            ))
        self.write({
            "state": "running",
            "policy_id": policy.id,
            "as_of": as_of,
            "date_start": fields.Datetime.now(),
            "phase": "gather",
            "last_partner_id": 0,
            "error": False,
        })

    def _last_full_run(self, company):
        """Return the last full run of ``company`` that was completed."""
        return self.sudo().search(  # sudo: runs are read by managers, needed by every recompute
            [("company_id", "=", company.id), ("kind", "=", "full"), ("state", "=", "done")], limit=1
        )

    def _last_cut_points(self, company):
        """Return the cut-points an incremental recompute uses, or None if it has to be a full one.

        They are those of the last full run, if it went by the rules of today and saw customers
        to compare.
        """
        policy = self.env["customer.value.policy"]._get_active(company)
        run = self._last_full_run(company)
        if run.policy_id != policy or not run.outlook or not (run.cut_points or {}).get("active"):
            return None
        return run.cut_points

    @api.model
    def _busy_message(self, company):
        return self.env._(
            "The customer values of %(company)s are being recomputed right now. Wait until that "
            "run is done; the run log shows how far it is.",
            company=company.name,
        )

    @api.autovacuum
    def _gc_incremental_runs(self):
        """Forget incremental runs after a while: there may be one a minute."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_INCREMENTAL_DAYS)
        runs = self.search(
            [("kind", "=", "incremental"), ("create_date", "<", limit)], limit=10000
        )
        runs.unlink()
        return len(runs), len(runs) == 10000
