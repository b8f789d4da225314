import logging
import time
from contextlib import suppress
from functools import partial

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.fact import facts, measures
from ...engine.outlook import predictions
from ...engine.value import cut_points, pipeline

_logger = logging.getLogger(__name__)

DEFAULT_BATCH = 20000
# Gathering reads the documents of a company anew in each transaction, so it takes many batches into one.
GATHER_BATCHES = 12
SCORE_BATCHES = 3
SERIALIZATION_TRIES = 5
# Percent at which a phase begins, and how many it takes.
PROGRESS = {"gather": (0, 50), "score": (50, 45), "snapshot": (95, 5)}


class CustomerValueRun(models.Model):
    """How one run is worked off: at once in one transaction, or in batches that can be resumed."""

    _inherit = "customer.value.run"

    def _process_at_once(self, partners=None):
        """Do the whole run in this transaction."""
        self._flush_facts()
        clock = time.monotonic()
        cr, table = self.env.cr, f"customer_value_work_{self.id}"
        pipeline.create_table(cr, self._scope(ids=()), table, temporary=True)
        if self.kind == "incremental":
            ids = set(partners.ids) | set(partners.exists().commercial_partner_id.ids)
            batch = {"ids": ids}
            last = self._last_full_run(self.company_id)
            self.write({"cut_points": last.cut_points, "outlook": last.outlook})
            customers = pipeline.gather(cr, self._scope(**batch), table)
            self._predict(table, temporary=True)
            counts = self._score(table, batch)
            self._add_counts(customers, *counts)
        else:
            self._gather_all(table)
            for batch in self._batches(SCORE_BATCHES):
                self._add_counts(0, *self._score(table, batch))
            if self._keeps_month_end():
                for batch in self._batches():
                    self._take_snapshots(batch)
        self._drop_tables(table)
        self._finish(clock)

    def _gather_all(self, table):
        """Gather and compare all customers in this transaction."""
        for batch in self._batches(GATHER_BATCHES):
            self.customers += pipeline.gather(self.env.cr, self._scope(**batch), table)
        self._compare(table)
        self._predict(table, temporary=True)
        self._compare_outlooks(table)

    def _process_in_batches(self, left):
        """Do this run from where it stands, committing each batch; for scheduled actions.

        :param int left: runs that wait, this one included
        :return: False if time ran out first
        """
        cr, table = self.env.cr, f"customer_value_work_{self.id}"
        clock = time.monotonic() - self.duration
        commit = self.env["ir.cron"]._commit_progress
        try:
            if self.state == "queued":
                self._start()
            self._flush_facts()
            # Once all values are written, nothing needs the working table any more.
            if self.phase != "snapshot":
                self._prepare_table(table)
            commit(0, remaining=left)
            while (batch := self._next_batch()) or (phase := self._next_phase()):
                if batch:
                    self._retry_conflicts(self._do_batch, table, batch)
                else:
                    self._pass_into(phase, table)
                    self.write({"phase": phase, "last_partner_id": 0})
                self.duration = time.monotonic() - clock
                if not commit(1, remaining=left):
                    return False
            self._drop_tables(table)
            self._finish(clock)
            commit(1, remaining=left - 1)
        except psycopg2.OperationalError:
            # The server is gone or too busy: whole batches are kept and the run goes on
            # from there at the next call.
            with suppress(psycopg2.Error):
                cr.rollback()
            raise
        except Exception as error:
            cr.rollback()
            self._fail(table, error)
            commit(1, remaining=left - 1)
        return True

    def _prepare_table(self, table):
        """Make the working table, or sure that it is as this run left it."""
        if (self.phase == "gather" and not self.last_partner_id) or not self._intact(table):
            pipeline.create_table(self.env.cr, self._scope(ids=()), table)
            self.write({"phase": "gather", "last_partner_id": 0, "customers": 0,
                        "changed": 0, "removed": 0})
        elif self.phase == "score":
            self._predict(table)

    def _next_phase(self):
        """Return the phase that follows when no batch is left, or None at the end of the run."""
        following = {"gather": "predict", "predict": "join", "join": "score"}
        if self.phase in following:
            return following[self.phase]
        return "snapshot" if self.phase == "score" and self._keeps_month_end() else None

    def _pass_into(self, phase, table):
        """Do what stands between two phases: one thing at a time, so that no transaction is a long one."""
        if phase == "predict":
            self._compare(table)
        elif phase == "join":
            self._predict_keys(table)
        elif phase == "score":
            self._join_keys(table)
            self._compare_outlooks(table)

    def _do_batch(self, table, batch):
        """Gather, score or keep one batch and note how far this run is."""
        if self.phase == "gather":
            self.customers += pipeline.gather(self.env.cr, self._scope(**batch), table)
        elif self.phase == "score":
            self._add_counts(0, *self._score(table, batch))
        else:
            self._take_snapshots(batch)
        last = self._last_partner()
        done = batch["upto"] / last if last else 1
        self.write({
            "last_partner_id": batch["upto"],
            "progress": PROGRESS[self.phase][0] + PROGRESS[self.phase][1] * min(done, 1),
        })

    def _retry_conflicts(self, function, *args):
        """Call ``function`` again when another transaction changed one of our rows meanwhile."""
        for attempt in range(1, SERIALIZATION_TRIES + 1):
            try:
                function(*args)
                self.env.flush_all()
                return
            except SerializationFailure:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == SERIALIZATION_TRIES:
                    raise

    def _intact(self, table):
        """Return whether the working table still holds what this run gathered.

        PostgreSQL empties unlogged tables when it recovers from a crash.
        """
        return pipeline.table_rows(self.env.cr, table) == self.customers

    def _batch_size(self):
        # sudo: a system parameter
        size = self.env["ir.config_parameter"].sudo().get_param("crm_customer_value.batch_size")
        return int(size) if str(size or "").isdigit() and int(size) else DEFAULT_BATCH

    def _last_partner(self):
        """Return the highest partner id."""
        self.env.cr.execute("SELECT MAX(id) FROM res_partner")
        return self.env.cr.fetchone()[0]

    def _next_batch(self):
        """Return the range that follows ``last_partner_id``, or None at the end."""
        if self.phase in ("predict", "join"):
            return None
        size = self._batch_size() * {"gather": GATHER_BATCHES, "score": SCORE_BATCHES}.get(self.phase, 1)
        upto = pipeline.batch_end(self.env.cr, self.last_partner_id, size)
        return upto and {"after": self.last_partner_id, "upto": upto}

    def _batches(self, factor=1):
        """Yield all ranges of partner ids, of ``factor`` batches each."""
        after, size = 0, self._batch_size() * factor
        while upto := pipeline.batch_end(self.env.cr, after, size):
            yield {"after": after, "upto": upto}
            after = upto

    def _scope(self, **batch):
        """Return what to read for one batch."""
        company = self.company_id
        return facts.FactScope(
            company_id=company.id,
            own_partner_id=company.partner_id.id,
            root_company_id=company.root_id.id,
            currency_id=company.currency_id.id,
            decimal_places=company.currency_id.decimal_places,
            source=self.policy_id.revenue_source,
            tz=self.policy_id.tz,
            as_of=self.as_of,
            window_days=self.policy_id.window_days,
            partners=partial(pipeline.id_condition, **batch),
            sources=self._purchase_sources,
            measures=self._measures,
            contacts=self._contacts(batch["ids"]) if "ids" in batch else None,
        )

    def _contacts(self, ids):
        """Return the ids of all contacts of customers, archived ones too."""
        contacts = self.env["res.partner"].with_context(active_test=False)
        return sorted(contacts._search([("commercial_partner_id", "in", list(ids))]).get_result_ids())

    def _has_facts(self, ids):
        """Return whether any of these partners has facts, by the rules of this run, today."""
        self._flush_facts()
        scope = self._scope(ids=ids)._replace(as_of=self._today(self.policy_id))
        self.env.cr.execute(SQL("SELECT EXISTS (%s)", facts.facts_sql(scope)))
        return self.env.cr.fetchone()[0]

    def _compare(self, table):
        """Read the cut-points of this run from the complete working table, and what to warn of."""
        policy = self.policy_id
        with pipeline.planned(self.env.cr, bulk=True):
            self.env.cr.execute(measures.index_sql(table))
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
            points = cut_points.cut_points(
                self.env.cr, table, self.as_of,
                basis=policy.value_basis, class_basis=policy.class_basis,
                pareto_a=policy.pareto_a, pareto_b=policy.pareto_b, ranked=self._was_ranked(),
            )
            self.outlook = self._reusable_outlook(points["basis"]) or self._learn(table, points["basis"])
            warnings = [*self._fact_warnings(points), *self._outlook_warnings()]
        self.write({"cut_points": points, "warning": "\n".join(warnings)})

    def _was_ranked(self):
        """Return whether the last full run of this company compared its customers; all did before some did not."""
        last = self._last_full_run(self.company_id).cut_points or {"ranked": False}
        return last.get("ranked", True)

    def _fact_warnings(self, points):
        """Return what an administrator should know of the facts of this run."""
        warnings = []
        if points["active"] and points["class_basis"] != self.policy_id.class_basis:
            warnings.append(self.env._(
                "No margin is known for any purchase in the period, so the classes use revenue."
            ))
        if points["active"] and not points["ranked"]:
            warnings.append(self.env["customer.value"]._too_few_text(points["active"]))
        if points["active"] and points["basis"] != self.policy_id.value_basis:
            warnings.append(self.env._(
                "No margin is known for any purchase in the period, so current value is measured "
                "by revenue."
            ))
        unrated, unreal = (
            {"number": number, "names": ", ".join(names), "more": "…" if number > len(names) else ""}
            for number, names in pipeline.left_out(
                self.env.cr, self._scope(after=0, upto=self._last_partner())
            )
        )
        if unrated["number"]:
            warnings.append(self.env._(
                "%(number)s documents are left out because their currency has no rate: "
                "%(names)s%(more)s. Add the rate under Accounting > Configuration > Currencies, "
                "set it on the documents and recompute.",
                **unrated,
            ))
        if unreal["number"]:
            warnings.append(self.env._(
                "%(number)s documents are left out because their amount is not a number, or too large to "
                "be true: %(names)s%(more)s. Correct these documents and recompute.",
                **unreal,
            ))
        return warnings

    def _drop_tables(self, table):
        predictions.drop(self.env.cr, self._predictions(table))
        pipeline.drop_table(self.env.cr, table)

    def _scoring(self, table, batch):
        """Return how one batch is scored, whatever then becomes of its rows: (arguments, keywords)."""
        arguments = (
            self._scope(**batch), table, cut_points.read_cut_points(self.cut_points), self.policy_id._weights(),
        )
        return arguments, {
            "batch": batch, "rules": self.policy_id._worth_rules(), "outlook": self.outlook,
            "forecast": self._predictions(table), "evaluation": self._evaluation(),
        }

    def _score(self, table, batch):
        """Write the values of one batch; return the numbers of changed and removed rows."""
        arguments, keywords = self._scoring(table, batch)
        written, removed = pipeline.write_values(self.env.cr, *arguments, self.env.uid, **keywords)
        # The rows came by SQL: what the cache knows of them is old, and must not be written.
        self.env["customer.value"].browse(written + removed).invalidate_recordset(flush=False)
        for model in self.env["customer.value.mixin"]._customer_value_holders():
            self.env[model].invalidate_model(self.env[model]._customer_value_shown, flush=False)
        return len(written), len(removed)

    def _add_counts(self, customers, changed, removed):
        self.write({
            "customers": self.customers + customers,
            "changed": self.changed + changed,
            "removed": self.removed + removed,
        })

    def _finish(self, clock):
        """Note that this run is done and how long it took."""
        self._finish_lifecycle()
        self.env.cr.execute("SELECT NEXTVAL('customer_value_run_id_seq')")
        self.write({
            "completion": self.env.cr.fetchone()[0],
            "state": "done",
            "progress": 100,
            "phase": False,
            "date_end": fields.Datetime.now(),
            "duration": time.monotonic() - clock,
        })
        _logger.info(
            "Customer values of %s (%s): %s customers, %s changed, %s removed in %.2f s",
            self.company_id.name, self.kind, self.customers, self.changed, self.removed, self.duration,
        )

    def _fail(self, table, error):
        """Note why this run ended early; its whole batches stand."""
        _logger.warning("Recompute of customer values failed: run %s", self.id, exc_info=True)
        self._drop_tables(table)
        self.write({"state": "failed", "date_end": fields.Datetime.now(), "error": str(error)})

    @api.model
    def _flush_facts(self):
        """Bring everything that the SQL reads or writes to the database."""
        for model, names in self._fields_read().items():
            self.env[model].flush_model(names)
        self.env["customer.value"].flush_model()
