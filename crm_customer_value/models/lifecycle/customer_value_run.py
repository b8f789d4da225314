from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.lifecycle import placement
from ...engine.lifecycle.rules import Rule, ease

# A run for a day that lies further back starts nothing: nobody gets a mail about last year.
QUIET_AFTER_DAYS = 7


class CustomerValueRun(models.Model):
    """How a run places customers in the stages of their life, and what it notes about it."""

    _inherit = "customer.value.run"

    lifecycle = fields.Json(
        readonly=True, help="Stage rules and earlier results that this run used."
    )

    def _start(self, as_of=None):
        """Keep the rules of this moment until the run ends."""
        started = super()._start(as_of)
        self.lifecycle = self._prepare_lifecycle()
        return started

    @api.model
    def _follow_up(self):
        """Start what moves between stages call for."""
        result = super()._follow_up()
        self.env["customer.lifecycle.transition"]._work_off_entries()
        return result

    def _prepare_lifecycle(self):
        """Return what places the customers of this run: the rules of now, kept until the run ends.

        ``first``: nobody was placed before, so nobody moves. ``newest``: the last day that was ever
        computed. ``retrace``: this run looks back behind that day, or an earlier one did and no full
        run has set everybody right since. ``changed``: the rules are not those that everybody was placed
        by; a run that looks back moves nobody, so they still are new to the next one. ``quiet``: why moves
        start nothing.
        """
        company = self.company_id
        rules = [rule._asdict() for rule in self._lifecycle_rules()]
        full = self._last_full_run(company)
        last = self.search(
            [("company_id", "=", company.id), ("as_of", "!=", False), ("id", "!=", self._origin.id)],
            order="date_start desc, id desc",
            limit=1,
        )
        known = last.lifecycle or {}
        newest = known.get("newest", "")
        as_of = fields.Date.to_string(self.as_of)
        settled = not known.get("retrace") or (
            last.kind == "full" and last.state == "done" and fields.Date.to_string(last.as_of) >= newest
        )
        changed = bool(full.lifecycle) and (
            full.policy_id != self.policy_id or self._placing(full.lifecycle["rules"]) != self._placing(rules)
            or (full.lifecycle.get("changed", False)
                and fields.Date.to_string(full.as_of) < full.lifecycle["newest"])
        )
        quiet = "rules" if changed else False
        if self._today(self.policy_id) - self.as_of > timedelta(days=QUIET_AFTER_DAYS):
            quiet = "past"
        return {
            "rules": rules,
            "hysteresis": self.policy_id.hysteresis,
            "first": not full.lifecycle,
            "newest": max(newest, as_of),
            "retrace": not settled or as_of < newest,
            "changed": changed,
            "quiet": quiet,
        }

    def _placing(self, rules):
        """Return what of the rules decides where a customer is placed: not what an entry starts."""
        return [
            {name: value for name, value in rule.items() if name not in ("action", "rank")}
            for rule in rules if rule["checked"]
        ]

    def _lifecycle_rules(self):
        """Return the rules for this run's company, in the order in which they are checked.

        Stages without a rule here, archived ones and those of other companies, come last: a customer
        may still be in one.
        """
        # sudo: a recompute is a matter of the system.
        stages = self.env["customer.lifecycle.stage"].sudo()
        checked = stages._for_company(self.company_id)
        others = stages.with_context(active_test=False).search([("id", "not in", checked.ids)])
        return [
            Rule(
                stage=stage.id,
                rank=rank,
                gone=stage.health == "gone",
                checked=stage in checked,
                action=stage.entry_action != "none",
                **{name: stage[name] or 0 for name in stage._threshold_fields},
            )
            for stage, rank in (checked | others)._with_ranks()
        ]

    def _evaluation(self):
        """Return what the engine needs to place a batch of customers."""
        if not self.lifecycle:  # begun before there were stages
            self.lifecycle = self._prepare_lifecycle()
        stored = self.lifecycle
        reasons = {
            "past": self.env._("Moves older than a week start no action."),
            "rules": self.env._("Moves that come from changed rules start no action."),
        }
        return placement.Evaluation(
            run_id=self.id,
            as_of=self.as_of,
            rules=[Rule(**rule) for rule in stored["rules"]],
            factor=ease(stored["hysteresis"]),
            first=stored["first"],
            retrace=stored["retrace"],
            look_back=fields.Date.to_string(self.as_of) < stored["newest"],
            quiet=reasons.get(stored["quiet"]),
            changed=stored["quiet"] == "rules",
            imported=self.env._("Moves that come from an import of old purchases start no action."),
            held=SQL("(%s)", SQL(" OR ").join([SQL("FALSE"), *self._holds()])),
        )

    def _holds(self):
        """Return SQL conditions on ``lived.partner_id``: where one holds, no rule moves a customer to something worse.

        For what speaks against a downgrade, such as an open complaint. They are asked only about customers who
        would be moved to something worse.
        """
        return []

    def _finish(self, clock):
        """Say whom no rule placed, and have the actions on entry started."""
        if self.kind == "full":
            self._warn_without_stage()
        # sudo: a recompute is a matter of the system.
        waiting = self.env["customer.lifecycle.transition"].sudo()
        if waiting.search_count([("run_id", "=", self.id), ("entry_state", "=", "todo")], limit=1):
            self.env["customer.value.mark"]._wake()
        return super()._finish(clock)

    def _warn_without_stage(self):
        # sudo: the customers of this company, whoever started the run.
        number = self.env["customer.value"].sudo().search_count(
            [("lifecycle_stage_id", "=", False), ("company_id", "=", self.company_id.id)]
        )
        if number:
            warning = self.env._(
                "Customers in no lifecycle stage, because no rule matches them: %s. Add a stage without "
                "conditions, checked last, under Configuration > Lifecycle Stages.",
                number,
            )
            self.warning = "\n".join(filter(None, [self.warning, warning]))
