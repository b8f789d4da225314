from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.story import trial
from ...engine.value import pipeline
from ...engine.value.recompute import Recompute, Step
from ..value.customer_value_run_process import SCORE_BATCHES

# Temporary: each connection has tables of its own by these names.
WORK_TABLE = "customer_value_trial"
OUTCOME_TABLE = "customer_value_trial_outcome"


class CustomerValueRun(models.Model):
    """A full run whose rows are compared with the stored ones instead of being written."""

    _inherit = "customer.value.run"

    @api.model
    def _try(self, policy, thresholds, limit):
        """Compute what a full recompute by other rules would change, and change nothing.

        It is the recompute itself up to the rows it would write, so what it says is what happens.

        :param policy: customer.value.policy, stored or not, of the company
        :param dict thresholds: for each stage's id {field: value} of what its rule says
        :param int limit: how many of the customers who change are returned
        :return: (outcome as of ``engine.trial.summarize``, values of customer.value.dry.run.change)
        :raise UserError: if a recompute of the company is under way
        """
        company = policy.company_id
        if not pipeline.try_lock(self.env.cr, company.id):
            raise UserError(self._busy_message(company))
        # sudo: a recompute reads the documents of everybody; who may try one is checked by the
        # button that does.
        run = self.sudo().new({
            "company_id": company.id, "kind": "full", "policy_id": policy, "as_of": self._today(policy),
        })
        run.lifecycle = run._prepare_lifecycle()
        run.lifecycle = {**run.lifecycle, "rules": run._trial_rules(thresholds)}
        return run._collect_outcome(limit)

    def _trial_rules(self, thresholds):
        """Return the rules of this run as they would be, in the order in which they would be checked."""
        # sudo: like every recompute.
        stages = self.env["customer.lifecycle.stage"].sudo()

        def key(rule):
            stage = stages.browse(rule["stage"])
            checked = thresholds.get(stage.id, {}).get("rule_sequence", stage.rule_sequence)
            return not rule["checked"], checked, stage.sequence, stage.id

        rules = []
        for rule in self.lifecycle["rules"]:
            changed = thresholds.get(rule["stage"], {})
            rules.append(rule | {name: value or 0 for name, value in changed.items() if name in rule})
        return sorted(rules, key=key)

    def _collect_outcome(self, limit):
        """Do this run, which is not stored, into tables that last as long as it does."""
        cr = self.env.cr
        self._flush_facts()
        recompute = Recompute(
            cr, self._scope, WORK_TABLE, self._trial_steps, size=self._batch_size(), keep_owners=self._keep_owners,
            temporary=True, further=(OUTCOME_TABLE,),
        )
        with recompute.in_this_transaction():
            trial.create_table(cr, OUTCOME_TABLE)
            recompute.go(recompute.do)
            outcome = trial.summarize(cr, OUTCOME_TABLE)
            outcome["changing"], rows = trial.movers(cr, OUTCOME_TABLE, limit)
        outcome["computed"] = fields.Datetime.to_string(self._last_full_run(self.company_id).date_end)
        outcome["warning"] = self.warning or ""
        return outcome, [self._prepare_trial_change(row) for row in rows]

    def _trial_steps(self):
        """Return the steps of a run that are tried: its rows are compared instead of written."""
        return [*self._measuring_steps(), Step("try", self._try_batch, batches=SCORE_BATCHES)]

    def _try_batch(self, recompute, batch):
        """Compare the rows of a batch of customers with the stored ones."""
        arguments, keywords = self._scoring(recompute.table, batch)
        pipeline.try_values(self.env.cr, *arguments, OUTCOME_TABLE, **keywords)

    @api.model
    def _prepare_trial_change(self, row):
        """Return the values of a customer.value.dry.run.change."""
        note = False
        if not row["before"]:
            note = "appears"
        elif not row["after"]:
            note = "vanishes"
        return {
            "partner_id": row["partner_id"],
            "stage_before_id": row["stage_before"],
            "stage_after_id": row["after"] and row["stage_after"],
            "class_before": row["class_before"],
            "class_after": row["after"] and row["class_after"],
            "index_before": row["index_before"],
            "index_after": row["after"] and row["index_after"],
            "revenue": float(row["revenue"] or 0),
            "note": note,
        }
