from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...engine.value.parts import PartError
from ...models.base.number_fields import Float, Integer
from .dry_run_texts import outcome_texts

# So many of the customers who change are listed; the whole number is always told.
SHOWN_CHANGES = 500


class CustomerValueDryRun(models.TransientModel):
    """What would become of the customers under other rules: tried first, applied only if wanted.

    The fields named like those of a policy are a copy of them to play with, and each line is a
    copy of a stage's thresholds. Trying writes no value, no stage change and no run.
    """

    _name = "customer.value.dry.run"
    _description = "Dry Run of Changed Rules"
    _inherit = ["customer.guarded.mixin"]

    company_id = fields.Many2one(related="policy_id.company_id")
    policy_id = fields.Many2one(
        "customer.value.policy", "Based on", required=True, readonly=True, ondelete="cascade"
    )
    revenue_source = fields.Selection(
        selection=lambda self: self._selection_of_policy("revenue_source"), string="Purchases", required=True
    )
    value_basis = fields.Selection(
        selection=lambda self: self._selection_of_policy("value_basis"), string="Value Measured by", required=True
    )
    class_basis = fields.Selection(
        selection=lambda self: self._selection_of_policy("class_basis"), string="Classes by", required=True
    )
    tz = fields.Selection(
        selection=lambda self: self._selection_of_policy("tz"), string="Time Zone", required=True
    )
    window_days = Integer("Period That Counts (days)")
    pareto_a = Float("Class A up to (%)", digits=(5, 2))
    pareto_b = Float("Class B up to (%)", digits=(5, 2))
    discount_rate = Float("Yearly Discount on Future Value (%)", digits=(5, 2))
    hysteresis = Float("Stage Stability (%)", digits=(5, 2))
    weight_ids = fields.One2many("customer.value.weight.choice", "dry_run_id", "Weights")
    weight_shares = fields.Char(compute="_compute_weight_shares")
    industry_weights = fields.Text(related="policy_id.industry_weights")
    line_ids = fields.One2many("customer.value.dry.run.stage", "dry_run_id", "Stages")

    rule_changes = fields.Json(compute="_compute_state", help="What you changed in the current rules.")
    shared_changes = fields.Boolean(
        compute="_compute_state", help="Whether other companies also use a stage that you changed."
    )
    state = fields.Selection(
        [("rules", "Not tried"), ("tried", "Tried"), ("outdated", "Changed since")],
        compute="_compute_state",
    )
    tried_rules = fields.Json(readonly=True, copy=False, help="The rules that you tried last.")
    outcome = fields.Json(readonly=True, copy=False)
    figures_html = fields.Html(compute="_compute_outcome_html", sanitize=False)
    outcome_html = fields.Html(compute="_compute_outcome_html", sanitize=False)
    shown_note = fields.Char(compute="_compute_outcome_html")
    change_ids = fields.One2many("customer.value.dry.run.change", "dry_run_id", "Who", readonly=True)

    @api.model
    def _writable_fields(self):
        scoring = self.env["customer.value.policy"]._scoring_fields
        return super()._writable_fields() | {"policy_id", "line_ids", "weight_ids", *scoring}

    @api.model
    def _selection_of_policy(self, name):
        """Return the choices of a field of the policy, in the user's language."""
        return self.env["customer.value.policy"]._fields[name]._description_selection(self.env)

    @api.model
    def default_get(self, fields):
        """Start with the rules in force, or with those of the draft that is being tried."""
        values = super().default_get(fields)
        policies = self.env["customer.value.policy"]
        policy = policies.browse(values.get("policy_id")) or policies._get_active(self.env.company)
        # Not by its sudo: what the user may not read, the user does not try. And what the cache knows by
        # now would be read without asking.
        policy = policy.sudo(False)
        policy.check_access("read")
        stages = self.env["customer.lifecycle.stage"].search([
            ("company_id", "in", [False, policy.company_id.id])
        ])
        lines = self.env["customer.value.dry.run.stage"]
        return values | {
            "policy_id": policy.id,
            **policy._read_format(policy._scoring_fields, load=None)[0],
            "weight_ids": [
                Command.create(values) for values in self.env["customer.value.weight.choice"]._choices(policy)
            ],
            "line_ids": [Command.create(lines._copy_of(stage)) for stage in stages.sorted(lambda one: one._rule_key())],
        }

    @api.depends("weight_ids.weight")
    def _compute_weight_shares(self):
        for record in self:
            record.weight_shares = record.policy_id._shares_of(record.weight_ids._weights())

    @api.depends("policy_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._("Try Changed Rules")

    @api.depends(lambda self: (
        "tried_rules",
        "weight_ids.weight",
        *self.env["customer.value.policy"]._scoring_fields,
        *(f"line_ids.{name}" for name in self.env["customer.value.dry.run.stage"]._rule_fields()),
    ))
    def _compute_state(self):
        # sudo: whether there are other companies is the question, not which.
        several = self.env["res.company"].sudo().search_count([], limit=2) > 1
        for record in self:
            record.rule_changes = record._describe_changes()
            record.shared_changes = several and any(
                not line.stage_id.company_id and line._changed() for line in record.line_ids
            )
            record.state = "rules"
            if record.tried_rules:
                record.state = "tried" if record.tried_rules == record._rules() else "outdated"

    @api.depends("outcome")
    @api.depends_context("lang")
    def _compute_outcome_html(self):
        templates = {
            "figures_html": "crm_customer_value.customer_value_dry_run_figures",
            "outcome_html": "crm_customer_value.customer_value_dry_run_outcome",
        }
        for record in self:
            texts = record.outcome and outcome_texts(
                record.env, record.outcome, record.line_ids.stage_id.sorted()
            )
            for name, template in templates.items():
                record[name] = texts and record.env["ir.qweb"]._render(template, texts)
            record.shown_note = record._shown_note()

    def _shown_note(self):
        """Say how many customers change, and whether all of them are listed."""
        changing = (self.outcome or {}).get("changing", 0)
        if not changing:
            return self.env._("No customer would change stage or class.")
        if changing > SHOWN_CHANGES:
            return self.env._(
                "%(number)s customers. The list shows the %(shown)s with the largest revenue.",
                number=changing, shown=SHOWN_CHANGES,
            )
        return self.env._("%s customers, those with the largest revenue first.", changing)

    def _policy_values(self):
        """Return what the policy says under these rules: {field: value}."""
        return {name: self[name] for name in self.env["customer.value.policy"]._scoring_fields}

    def _rules(self):
        """Return all rules of this dry run, comparable and ready for JSON."""
        stages = {str(line.stage_id.id): line._values() for line in self.line_ids}
        return {
            "policy": self._policy_values(),
            "weights": self.weight_ids._weights(),
            "industries": self._industry_policy().industry_weights,
            "stages": stages,
        }

    @api.constrains("policy_id")
    def _check_policy(self):
        """Refuse rules of a company that the user does not work for.

        :raise AccessError: in that case
        """
        # Fields of a related record are read as superuser, so it is asked here; of what a form names, the
        # stored policy behind it.
        self.policy_id._origin.sudo(False).check_access("read")

    def _active_policy(self):
        # Also asked for by a form that is not stored yet.
        self._check_policy()
        return self.env["customer.value.policy"]._get_active(self.company_id or self.env.company)

    def _industry_policy(self):
        """Return the version whose weights of industries are tried: they are changed in a draft, and not here."""
        return self.policy_id if self.policy_id.state == "draft" else self._active_policy()

    def _changes_policy(self):
        """Return whether these rules need another version of the policy than the one in force."""
        policy = self._active_policy()
        return bool(
            policy._differences(self._policy_values())
            or policy._weight_differences(self.weight_ids._weights())
            or policy.industry_weights != self._industry_policy().industry_weights
        )

    def _describe_changes(self):
        """Return what differs from the rules in force, change by change."""
        policy = self._active_policy()
        changed = policy._differences(self._policy_values())
        texts = [self._describe(self, name, old) for name, (old, _new) in changed.items()]
        labels = self.env["customer.value"]._component_labels()
        texts += [
            self.env._("Weight of %(part)s: %(old)s → %(new)s", part=labels[name], old=f"{old:g}", new=f"{new:g}")
            for name, (old, new) in policy._weight_differences(self.weight_ids._weights()).items()
        ]
        old, new = policy.industry_weights, self._industry_policy().industry_weights
        if old != new:
            texts.append(self.env._(
                "Weights of industries: %(old)s → %(new)s", old=old or self.env._("none"), new=new or self.env._("none")
            ))
        for line in self.line_ids:
            texts += [
                f"{line.stage_id.name}: {self._describe(line, name, line.stage_id[name])}"
                for name in line._changed()
            ]
        return texts

    @api.model
    def _describe(self, record, name, old):
        """Return "label: old → new" of one field."""
        field = record._fields[name]

        def text(value):
            if field.type == "selection":
                return dict(field._description_selection(self.env)).get(value) or self.env._("off")
            if field.type == "float":
                return f"{value:g}"
            return str(value)

        return f"{field._description_string(self.env)}: {text(old)} → {text(record[name])}"

    def action_try(self):
        """Compute what would become of every customer, and show it; nothing else is written."""
        self.ensure_one()
        self.check_access("write")
        self._check_policy()
        try:
            outcome, changes = self.env["customer.value.run"]._try(
                self._candidate_policy(), self.line_ids._thresholds(), SHOWN_CHANGES
            )
        except PartError as error:
            raise UserError(self.env["customer.value"]._part_error_text(error)) from error
        # sudo: what comes of it is computed, and is nobody's to write.
        dry_run = self.sudo()
        dry_run.change_ids.unlink()
        dry_run.write({
            "outcome": outcome,
            "tried_rules": self._rules(),
            "change_ids": [Command.create(change) for change in changes],
        })

    def _candidate_policy(self):
        """Return the policy that would be in force: the one that is, or one that is not stored."""
        policy = self._active_policy()
        if not self._changes_policy():
            return policy
        values = self._policy_values()
        candidate = policy.new({
            **values,
            "company_id": self.company_id.id,
            "weight_ids": [
                Command.create({"part": name, "weight": weight})
                for name, weight in self.weight_ids._weights().items()
            ] + [
                Command.create({"part": line.part, "weight": line.weight, "industry_id": line.industry_id.id})
                for line in self._industry_policy().weight_ids if line.industry_id
            ],
        })
        candidate._validate_fields({*values, "weight_ids"})
        candidate.weight_ids._validate_fields(["weight"])
        return candidate

    def action_apply(self):
        """Put the rules that were tried in force, and have every customer computed by them."""
        self.ensure_one()
        self._check_policy()
        if self.state != "tried":
            raise UserError(self.env._("The rules changed after the last try. Press Try again."))
        if not self.rule_changes:
            raise UserError(self.env._("You have not changed any rule, so there is nothing to apply."))
        values, weights = self._policy_values(), self.weight_ids._weights()
        if self._changes_policy():
            if self.policy_id.state == "draft":
                self.policy_id.write({**values, "weight_ids": self.policy_id._weight_commands(weights)})
                self.policy_id._activate()
            else:
                self._active_policy().sudo(False)._renew(values, weights)
        for line in self.line_ids:
            if changed := line._changed():
                line.stage_id.write({name: line[name] for name in changed})
        run = self.env["customer.value.run"]._enqueue(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run[:1].id,
            "views": [(False, "form")],
            "target": "main",
        }
