from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..base.number_fields import Integer
from .customer_lifecycle_rule_mixin import STARTS


class CustomerLifecycleStage(models.Model):
    """A stage of the customer's life with a company, and the rule by which customers are in it.

    Rules are checked in the order of ``rule_sequence``; the first one that matches names the stage.
    The conditions are those of ``customer.lifecycle.rule.mixin``.
    """

    _name = "customer.lifecycle.stage"
    _description = "Customer Lifecycle Stage"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.lifecycle.rule.mixin"]
    _order = "sequence, id"

    # What decides who is in which stage: a change of these has everybody computed anew.
    _rule_fields = ("company_id", "active", "sequence", "rule_sequence", "health", *STARTS)

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        readonly=True, copy=False, help="Identifies the stages that came with the addon, even if you rename them."
    )
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: for every company."
    )
    sequence = Integer(
        "Column Order", default=100, help="Order of the stages in the life of a customer, and of columns with the same "
        "health on the board. The board begins with the stages at risk.",
    )
    active = fields.Boolean(default=True)
    fold = fields.Boolean("Folded on the Board")
    color = Integer()
    health = fields.Selection(
        [("good", "Good"), ("neutral", "Neutral"), ("risk", "At risk"), ("gone", "Lost")],
        default="good",
        required=True,
        help="Sets the color of the stage: Good is green, Neutral gray, At risk amber, Lost red. A move to a worse "
        "stage waits while there is another reason for the silence, such as an open complaint.",
    )
    description = fields.Text(translate=True)

    entry_action = fields.Selection(
        [("none", "Nothing"), ("plan", "Start an activity plan"), ("mail", "Send an e-mail")],
        "On Entry",
        default="none",
        required=True,
        help="Starts when a customer moves into this stage, at most once a day for each customer. For customers who "
        "are new on the board, only within 30 days of their first purchase. New prospects, imports of old purchases "
        "and changed rules start nothing. An activity plan starts for at most ten customers of a salesperson a day, "
        "those with the most money at risk first. The others wait.",
    )
    entry_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        domain=[("res_model", "=", "res.partner")],
        ondelete="restrict",
        index="btree_not_null",
    )
    entry_template_id = fields.Many2one(
        "mail.template",
        "E-mail Template",
        domain=[("model", "=", "res.partner")],
        ondelete="restrict",
        index="btree_not_null",
    )
    rule_notice = fields.Char("Notice", compute="_compute_rule_notice")
    customer_count = Integer("Customers", compute="_compute_customer_count")
    waiting_count = Integer(
        "Waiting",
        compute="_compute_waiting_count",
        help="Customers for whom the action on entry is still to be started.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "company_id", "sequence", "rule_sequence", "active", "fold", "color", "health", "description",
            "entry_action", "entry_plan_id", "entry_template_id", "new_condition", *self._threshold_fields,
        }

    @api.depends("company_id", "active", *STARTS, "rule_sequence", "sequence")
    def _compute_rule_notice(self):
        """Say which rule matches everybody, and which are never reached because of it."""
        everybody = self.search(self._everybody_domain()).sorted(lambda stage: stage._rule_key())
        for stage in self:
            stage.rule_notice = False
            if not stage.active:
                continue
            before = everybody.filtered(
                lambda other, stage=stage: other != stage
                and other.company_id in (stage.company_id, self.env["res.company"])
                and other._rule_key() < stage._rule_key()
            )[:1]
            if before:
                stage.rule_notice = self.env._(
                    "Never used: %s is checked before and matches all customers.", before.name
                )
            elif stage._matches_everybody():
                stage.rule_notice = self.env._("Matches all customers, so no stage after it is ever used.")

    @api.depends_context("allowed_company_ids")
    def _compute_customer_count(self):
        counts = dict(self.env["customer.value"]._read_group(
            self._customers_domain(), ["lifecycle_stage_id"], ["__count"]
        ))
        for stage in self:
            stage.customer_count = counts.get(stage._origin, 0)

    @api.depends_context("allowed_company_ids")
    def _compute_waiting_count(self):
        counts = dict(self.env["customer.lifecycle.transition"]._read_group(
            self._waiting_domain(), ["to_stage_id"], ["__count"]
        ))
        for stage in self:
            stage.waiting_count = counts.get(stage._origin, 0)

    def _waiting_domain(self):
        """Return the domain of the entries into these stages whose action is still to be started."""
        return [
            ("to_stage_id", "in", self.ids), ("company_id", "in", self.env.companies.ids), ("entry_state", "=", "todo"),
        ]

    def _customers_domain(self):
        """Return the domain of the values of customers in these stages, in the user's companies."""
        return [("lifecycle_stage_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)]

    @api.model
    def _everybody_domain(self):
        return Domain([(name, "=", False) for name in self._threshold_fields])

    def _matches_everybody(self):
        """Return whether no threshold is set."""
        self.ensure_one()
        return not any(self[name] for name in self._threshold_fields)

    def _rule_key(self):
        """Return what rules are sorted by."""
        return (self.rule_sequence, self.sequence, self._origin.id or float("inf"))

    @api.constrains(*STARTS)
    def _check_thresholds(self):
        labels = {name: self._fields[name]._description_string(self.env) for name in self._threshold_fields}
        for stage in self:
            for name in self._threshold_fields[1:]:
                if stage[name] < 0:
                    raise ValidationError(self.env._(
                        "%(field)s of the stage %(stage)s cannot be negative. Clear it to remove the condition.",
                        field=labels[name], stage=stage.name,
                    ))
            for low, high in (
                ("purchase_days_from", "purchase_days_to"),
                ("age_days_from", "age_days_to"),
                ("silence_days_from", "silence_days_to"),
            ):
                if stage[high] and stage[low] > stage[high]:
                    raise ValidationError(self.env._(
                        "%(low)s (%(from)s) must not be higher than %(high)s (%(to)s). Correct the stage %(stage)s.",
                        **{"low": labels[low], "from": stage[low], "high": labels[high], "to": stage[high],
                           "stage": stage.name},
                    ))
            if max(stage.index_from, stage.development_to, stage.risk_from) > 100:
                raise ValidationError(self.env._(
                    "The value index, the development index and the risk of loss can be at most 100. Correct the stage "
                    "%s.",
                    stage.name,
                ))

    @api.constrains("entry_action", "entry_plan_id", "entry_template_id")
    def _check_entry_action(self):
        for stage in self:
            if stage.entry_action == "plan" and stage.entry_plan_id.res_model != "res.partner":
                raise ValidationError(self.env._(
                    "Stage %s: choose an activity plan for contacts, or set On Entry to Nothing.",
                    stage.name,
                ))
            if stage.entry_action == "mail" and stage.entry_template_id.model != "res.partner":
                raise ValidationError(self.env._(
                    "Stage %s: choose an e-mail template for contacts, or set On Entry to Nothing.",
                    stage.name,
                ))

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        stages._enqueue()
        return stages

    def write(self, vals):
        if not set(self._rule_fields) & vals.keys():
            return super().write(vals)
        # Before and after: a stage that gets a company of its own concerned everybody.
        concerned = self._concerned()
        result = super().write(vals)
        self.env["customer.value.run"]._enqueue(concerned | self._concerned())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = {
            "customer.value": ("lifecycle_stage_id",),
            "customer.lifecycle.transition": ("from_stage_id", "to_stage_id"),
            "customer.value.snapshot": ("lifecycle_stage_id", "previous_stage_id"),
        }
        # sudo: the question is whether anybody, in any company, is or was in the stage.
        if any(
            self.env[model].sudo().search_count([(name, "in", self.ids)], limit=1)
            for model, names in used.items()
            for name in names
        ):
            raise UserError(self.env._(
                "Customers are or were in this stage, so it cannot be deleted. Archive it instead: no customer enters "
                "it any more, and you keep the history."
            ))
        self._enqueue()

    def action_view_customers(self):
        """Open the customers who are in this stage."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_value_action")
        action["domain"] = self._customers_domain()
        action["view_mode"] = "list,kanban,pivot,graph,form"
        action["views"] = [(False, mode) for mode in action["view_mode"].split(",")]
        action["context"] = {}
        return action

    def action_view_waiting(self):
        """Open the customers who wait for the action on entry of this stage."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_lifecycle_transition_action"
        )
        return action | {"domain": self._waiting_domain(), "context": {}}

    def _concerned(self):
        """Return the companies whose customers go by these rules."""
        if all(stage.company_id for stage in self):
            return self.company_id
        # sudo: a rule for every company concerns those the user is not in, too.
        return self.env["res.company"].sudo().search([("active", "=", True)])

    def _enqueue(self):
        """Have everybody these rules concern computed anew."""
        self.env["customer.value.run"]._enqueue(self._concerned())

    @api.model
    def _for_company(self, company):
        """Return the stages whose rules hold in a company, in the order in which they are checked."""
        # sudo: a recompute is a matter of the system.
        stages = self.sudo().search([("company_id", "in", [company.id, False])])
        return stages.sorted(lambda stage: stage._rule_key())

    def _board_rank(self):
        """Return what columns of the board are sorted by before their position (one record).

        Customers at risk come first, then those who are gone, then those who need nothing; prospects, and what is
        folded, come last. Of the stages at risk, the one whose rule is checked first is the more urgent.
        """
        health = ("risk", "gone", "good", "neutral").index(self.health)
        return (self.fold, self.purchases == "never", health, self.rule_sequence if self.health == "risk" else 0)

    def _with_ranks(self):
        """Return [(stage, rank)] in the order of these records: 0 is no risk, and the higher, the worse."""
        health = {"risk": 1, "gone": 2}
        # An open complaint may be why a customer is silent. It does not explain away that somebody buys less, so
        # such a stage has no rank and waits for nothing.
        worse = self.filtered(
            lambda stage: stage.health in health and not (stage.development_to or stage.fall_days)
        ).sorted(
            lambda stage: (health[stage.health], stage.sequence, stage.id)
        )
        ranks = {stage: rank for rank, stage in enumerate(worse, 1)}
        return [(stage, ranks.get(stage, 0)) for stage in self]
