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
from ...engine.value.recompute import Recompute, Step

_logger = logging.getLogger(__name__)

DEFAULT_BATCH = 20000
# Gathering reads the documents of a company anew in each transaction, so it takes many batches into one.
GATHER_BATCHES = 12
SCORE_BATCHES = 3
SERIALIZATION_TRIES = 5


class CustomerValueRun(models.Model):
    """The steps of a run, and how they are done: at once in one transaction, or in batches that can be resumed."""

    _inherit = "customer.value.run"

    def _measuring_steps(self):
        """Return the steps up to the complete working tables, which a dry run does too."""
        steps = [Step("gather", self._gather, batches=GATHER_BATCHES, share=50)]
        if self.kind == "full":
            steps.append(Step("compare", self._compare))
        # One thing at a time, so that no transaction is a long one.
        return [*steps, Step("predict", self._predict), Step("join", self._join)]

    def _steps(self):
        """Return the steps of this run, first to last; a room adds its own by ``super()``.

        A step finds what it needs in this run's row and in the tables: it may be done in another process
        than the step before. Its name is a ``phase``, where users see what a run is doing.
        """
        return [*self._measuring_steps(), Step("score", self._score, batches=SCORE_BATCHES, share=45)]

    def _prepare_recompute(self, *, ids=None, temporary=False):
        """Return the :class:`Recompute` of this run, to be done at once or in batches."""
        return Recompute(
            self.env.cr, self._scope, f"customer_value_work_{self.id}", self._steps, size=self._batch_size(),
            keep_owners=self._keep_owners, ids=ids, temporary=temporary,
        )

    def _process_at_once(self, partners=None):
        """Do the whole run in this transaction."""
        self._flush_facts()
        clock, ids = time.monotonic(), None
        if self.kind == "incremental":
            ids = set(partners.ids) | set(partners.exists().commercial_partner_id.ids)
            last = self._last_full_run(self.company_id)
            self.write({"cut_points": last.cut_points, "outlook": last.outlook})
        recompute = self._prepare_recompute(ids=ids, temporary=True)
        with recompute.in_this_transaction():
            recompute.go(recompute.do)
        self._finish(clock)

    def _process_in_batches(self, left):
        """Do this run from where it stands, committing each batch; for scheduled actions.

        :param int left: runs that wait, this one included
        :return: False if time ran out first
        """
        clock = time.monotonic() - self.duration
        recompute, commit = self._prepare_recompute(), self.env["ir.cron"]._commit_progress
        try:
            if self.state == "queued":
                self._start()
            self._flush_facts()
            self._prepare_tables(recompute)
            commit(0, remaining=left)
            carry_out = partial(self._carry_out, recompute=recompute, clock=clock, left=left)
            if not recompute.go(carry_out, self.phase, self.last_partner_id):
                return False
            recompute.drop_tables()
            self._finish(clock)
            commit(1, remaining=left - 1)
        except psycopg2.OperationalError:
            # The server is gone or too busy: whole batches are kept and the run goes on
            # from there at the next call.
            with suppress(psycopg2.Error):
                self.env.cr.rollback()
            raise
        except Exception as error:
            self.env.cr.rollback()
            self._fail(recompute, error)
            commit(1, remaining=left - 1)
        return True

    def _prepare_tables(self, recompute):
        """Make the working tables, or sure that they are as this run left them; else this run begins anew."""
        step = recompute.step(self.phase)
        if step and not step.tables:
            return
        first = recompute.steps()[0]
        begun = step and (step.name != first.name or self.last_partner_id)
        if not begun or not recompute.is_intact(self.customers):
            recompute.create_tables()
            self.write({
                "phase": first.name, "last_partner_id": 0, "customers": 0, "changed": 0, "removed": 0,
            })

    def _carry_out(self, step, batch, *, recompute, clock, left):
        """Do one piece of a step and commit; return whether there is time for more."""
        if self.phase != step.name:
            self.write({"phase": step.name, "last_partner_id": 0})
            if not self._commit(clock, left):
                return False
        self._retry_conflicts(self._do, recompute, step, batch)
        if not batch and not recompute.following(step):
            # Nothing is left to stop before: the end of this run is committed with it.
            return True
        return self._commit(clock, left)

    def _commit(self, clock, left):
        """Commit, with the time this run has taken so far; return whether there is time for more."""
        self.duration = time.monotonic() - clock
        return bool(self.env["ir.cron"]._commit_progress(1, remaining=left))

    def _do(self, recompute, step, batch):
        """Do one piece of a step and note where to go on."""
        recompute.do(step, batch)
        if batch:
            last = self._last_partner()
            done = batch["upto"] / last if last else 1
            self.write({"last_partner_id": batch["upto"], "progress": recompute.progress(step, min(done, 1))})
        elif following := recompute.following(step):
            self.write({"phase": following.name, "last_partner_id": 0, "progress": recompute.progress(following)})

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

    def _batch_size(self):
        # sudo: a system parameter
        size = self.env["ir.config_parameter"].sudo().get_param("crm_customer_value.batch_size")
        return int(size) if str(size or "").isdigit() and int(size) else DEFAULT_BATCH

    def _last_partner(self):
        """Return the highest partner id."""
        self.env.cr.execute("SELECT MAX(id) FROM res_partner")
        return self.env.cr.fetchone()[0]

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
            prospects=self._prospects,
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

    def _gather(self, recompute, batch):
        """Read what is known of a batch of customers into the working table."""
        self.customers += pipeline.gather(self.env.cr, recompute.scope(**batch), recompute.table)

    def _compare(self, recompute, _batch):
        """Read the cut-points of this run from the complete working table, and what to warn of."""
        policy, table = self.policy_id, recompute.table
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

    def _predict(self, recompute, _batch):
        """Predict for each distinct history of the compared working table."""
        with pipeline.planned(self.env.cr, bulk=recompute.bulk):
            predictions.create_keys(
                self.env.cr, recompute.predictions, recompute.table, self.outlook, temporary=recompute.temporary,
                discount_rate=self.policy_id.discount_rate / 100,
            )

    def _join(self, recompute, _batch):
        """Give every customer of the working table the prediction of their history."""
        with pipeline.planned(self.env.cr, bulk=recompute.bulk):
            predictions.join_keys(
                self.env.cr, recompute.predictions, recompute.table, self.outlook, temporary=recompute.temporary,
                digits=self.company_id.currency_id.decimal_places,
            )
        if recompute.bulk:
            expected = predictions.percentiles(self.env.cr, recompute.predictions)
            self.cut_points = {**self.cut_points, "clv": expected}

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

    def _scoring(self, table, batch):
        """Return how one batch is scored, whatever then becomes of its rows: (arguments, keywords)."""
        arguments = (
            self._scope(**batch), table, cut_points.read_cut_points(self.cut_points),
            self.env["customer.value"]._counted_parts(), self.policy_id._all_weights(),
        )
        return arguments, {
            "batch": batch, "rules": self.policy_id._worth_rules(), "part_rules": self._part_rules(),
            "outlook": self.outlook,
            "forecast": predictions.beside(table), "evaluation": self._evaluation(),
        }

    def _score(self, recompute, batch):
        """Write the values of a batch of customers."""
        arguments, keywords = self._scoring(recompute.table, batch)
        written, removed = pipeline.write_values(self.env.cr, *arguments, self.env.uid, **keywords)
        # The rows came by SQL: what the cache knows of them is old, and must not be written.
        self.env["customer.value"].browse(written + removed).invalidate_recordset(flush=False)
        for model in self.env["customer.value.mixin"]._customer_value_holders():
            self.env[model].invalidate_model(self.env[model]._customer_value_shown_fields(), flush=False)
        self.write({"changed": self.changed + len(written), "removed": self.removed + len(removed)})

    def _finish(self, clock):
        """Note that this run is done and how long it took."""
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

    def _fail(self, recompute, error):
        """Note why this run ended early, and in which step; its whole batches stand."""
        _logger.warning("Recompute of customer values failed: run %s", self.id, exc_info=True)
        recompute.drop_tables()
        phases = dict(self._fields["phase"]._description_selection(self.env))
        lines = [phases.get(self.phase), self.env["customer.value"]._part_error_text(error) or type(error).__name__]
        self.write({"state": "failed", "date_end": fields.Datetime.now(), "error": ": ".join(filter(None, lines))})

    @api.model
    def _flush_facts(self):
        """Bring everything that the SQL reads or writes to the database."""
        for model, names in self._fields_read().items():
            self.env[model].flush_model(names)
        self.env["customer.value"].flush_model()
