import logging
from datetime import datetime, timedelta

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.value import pipeline
from ..base.number_fields import Float, Integer

_logger = logging.getLogger(__name__)

KEEP_DAYS = {"incremental": 30, "full": 365}


class CustomerValueRun(models.Model):
    """One recompute of the values of one company: what it did, by which rules, and how it ended."""

    _name = "customer.value.run"
    _description = "Customer Value Recompute"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
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
        readonly=True, help="The last day that counts. Documents after this day are left out."
    )
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    completion = Integer(
        readonly=True,
        aggregator=None,
        help="Increases with every run that is done. A run that waited can end after a later one.",
    )
    duration = Float("Duration (s)", readonly=True, aggregator="avg")
    customers = Integer(readonly=True, help="Customers with purchases or open sales.")
    changed = Integer(readonly=True, help="Customers whose values changed.")
    removed = Integer(readonly=True, help="Customers removed, because they no longer have purchases or open sales.")
    progress = Float(readonly=True, aggregator=None, help="In percent.")
    phase = fields.Selection(
        [
            ("gather", "Reading purchases"),
            ("compare", "Comparing customers"),
            ("predict", "Predicting"),
            ("join", "Saving predictions"),
            ("score", "Scoring customers"),
        ],
        readonly=True,
    )
    last_partner_id = Integer(
        readonly=True, aggregator=None, help="An interrupted run continues after this customer."
    )
    cut_points = fields.Json("Thresholds", readonly=True)
    repurchase_rate = Float(
        "Repurchase Rate (%)",
        digits=(16, 1),
        compute="_compute_repurchase_rate",
        help="How many customers of the period before bought again in this period, in percent. Empty: nobody bought "
        "in the period before.",
        optional=True,
    )
    has_repurchase_rate = fields.Boolean(
        compute="_compute_repurchase_rate", help="Whether anybody bought in the period before."
    )
    warning = fields.Text(readonly=True)
    error = fields.Text(readonly=True)

    @api.depends("cut_points")
    def _compute_repurchase_rate(self):
        for run in self:
            points = run.cut_points or {}
            before = points.get("buyers_before")
            run.repurchase_rate = 100 * points["buyers_again"] / before if before else False
            run.has_repurchase_rate = bool(before)

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

        A company whose full recompute already waits is not queued twice; one that waits to compute
        a month end does not count.
        """
        # sudo: activating a policy or installing the addon starts a run for its company.
        runs = self.sudo()
        waiting = runs.search([
            ("company_id", "in", companies.ids), ("kind", "=", "full"), ("state", "=", "queued"),
            ("as_of", "=", False),
        ])
        new = runs.create([
            {"company_id": company.id, "kind": "full"} for company in companies - waiting.company_id
        ])
        self.env["customer.value.mark"]._wake()
        return waiting | new

    @api.model
    def _enqueue_by_source(self, source):
        """Have everybody computed anew in the companies whose revenue comes from ``source``."""
        # sudo: whoever changes what margins are made of need not know any policy.
        policies = self.env["customer.value.policy"].sudo().search([
            ("state", "=", "active"), ("revenue_source", "=", source), ("company_id.active", "=", True),
        ])
        return self._enqueue(policies.company_id)

    def action_recompute(self):
        """Queue a recompute of the current company ("Recompute now") and show it."""
        self.check_access("read")  # sales managers: nobody else reads runs
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
        self.check_access("read")  # sales managers: nobody else reads runs
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
        self._follow_up()

    @api.model
    def _follow_up(self):
        """Do what waits for values that are up to date. Extension point for other rooms."""

    @api.model
    def _work_off_marks(self):
        """Recompute a batch of the customers that are marked, company by company.

        A company whose recompute is busy or fails gets its marks back and does not keep the others
        waiting; the scheduled action comes back for it.
        """
        marks = self.env["customer.value.mark"]
        taken = marks._take(self._batch_size())
        if not taken:
            return
        anywhere = taken.pop(0, set())
        postponed = 0
        for company in self.env["res.company"].search([("active", "=", True)]):
            ids = anywhere | taken.get(company.id, set())
            if not ids:
                continue
            try:
                with self.env.cr.savepoint():
                    self._recompute_marked(company, ids)
            except psycopg2.OperationalError:
                raise
            except Exception as error:
                self.env.invalidate_all(flush=False)
                self._note_failure(company, error)
                marks._store([(partner_id, company.id) for partner_id in ids])
                postponed += len(ids)
        left = marks.search_count([]) - postponed
        self.env["ir.cron"]._commit_progress(1, remaining=max(left, 0))

    def _recompute_marked(self, company, ids):
        """Recompute some customers of a company, or everybody where nobody was compared so far."""
        if self._last_cut_points(company):
            self._recompute(company, partners=self.env["res.partner"].browse(sorted(ids)))
            return
        # Their marks are gone, and whose documents stand behind their amounts may be somebody else by now.
        self.env["customer.value"]._forget_owners(company, ids)
        last = self._last_full_run(company)
        policy = self.env["customer.value.policy"]._get_active(company)
        # A company in which nobody buys is not computed anew for customers of other companies.
        if last.policy_id != policy or not last.outlook or last._has_facts(ids):
            self._enqueue(company)

    def _note_failure(self, company, error):
        """Say in the log why changed customers of a company have to wait."""
        if isinstance(error, UserError):
            # Busy: that recompute may have read before the change was made.
            _logger.info("Changed customers wait: %s", error)
            self.env["customer.value.mark"]._wake(fields.Datetime.now() + timedelta(minutes=1))
            return
        _logger.warning("Recompute of changed customers failed", exc_info=error)
        now = fields.Datetime.now()
        self.create({
            "company_id": company.id, "kind": "incremental", "state": "failed",
            "error": self.env["customer.value"]._part_error_text(error),
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

    @api.model
    def _today(self, policy):
        """Return which day it is for the company of a policy."""
        return datetime.now(pytz.timezone(policy.tz)).date()

    def _start(self, as_of=None):
        """Fix the day and the rules of this run."""
        # Before anything is read for it: an addon may have brought a part that cannot be counted.
        self.env["customer.value"]._counted_parts()
        policy = self.env["customer.value.policy"]._get_active(self.company_id)
        today = self._today(policy)
        as_of = as_of or self.as_of or today
        if as_of > today:
            raise UserError(self.env._(
                "Customer values cannot be computed for %(day)s because it is in the future. Today is %(today)s in the "
                "time zone of %(company)s.",
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
            [("company_id", "=", company.id), ("kind", "=", "full"), ("state", "=", "done")],
            order="completion desc",
            limit=1,
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
            "The customer values of %(company)s are being recomputed at the moment. Wait until this run is done. The "
            "run log shows its progress.",
            company=company.name,
        )

    @api.autovacuum
    def _gc_runs(self):
        """Forget old runs: there may be an incremental one a minute and a full one a night.

        The last full run of a company is what its incremental ones go by, so it stays.
        """
        runs = self.browse()
        for kind, days in KEEP_DAYS.items():
            limit = fields.Datetime.now() - timedelta(days=days)
            runs |= self.search([("kind", "=", kind), ("create_date", "<", limit)], limit=10000)
        done = len(runs)
        for company in runs.company_id:
            runs -= self._last_full_run(company)
        runs.unlink()
        return done, done >= 10000
