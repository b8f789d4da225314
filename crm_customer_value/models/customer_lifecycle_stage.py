from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .number_fields import Float, Integer


class CustomerLifecycleStage(models.Model):
    """A stage of the customer's life with a company, and the rule by which customers are in it.

    Rules are checked in the order of ``rule_sequence``; the first one that matches names the stage.
    A threshold of zero is switched off; all that are set must hold.
    """

    _name = "customer.lifecycle.stage"
    _description = "Customer Lifecycle Stage"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, id"

    # What decides who is in which stage: a change of these has everybody computed anew.
    _rule_fields = (
        "company_id", "active", "sequence", "rule_sequence", "health", "purchases",
        "purchase_days_from", "purchase_days_to", "age_days_from", "age_days_to", "index_from",
        "silence_days_from", "silence_days_to", "cadence_from", "risk_from", "return_days",
    )
    # Those of them that are a threshold: all off matches everybody.
    _threshold_fields = _rule_fields[5:]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        readonly=True, copy=False, help="Names the stages that came with the addon, whatever they are called now."
    )
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Empty: for every company."
    )
    sequence = Integer(
        "Position", default=100, help="Where the stage stands in the life of a customer, and among stages of the same "
        "health on the board. The board begins with the stages at risk.",
    )
    rule_sequence = Integer(
        "Checked", default=100, help="Rules are checked from the lowest number up; the first that matches wins."
    )
    active = fields.Boolean(default=True)
    fold = fields.Boolean("Folded on the Board")
    color = Integer()
    health = fields.Selection(
        [("good", "Good"), ("risk", "At risk"), ("gone", "Gone")],
        default="good",
        required=True,
        help="A move to a worse health, or further along among stages that are not good, is a downgrade: it "
        "waits while something speaks against it, such as an open complaint.",
    )
    description = fields.Text(translate=True)

    purchases = fields.Selection(
        [("never", "never bought"), ("bought", "bought at least once")],
        help="Empty: it does not matter.",
    )
    purchase_days_from = Integer("Purchase Days, at Least")
    purchase_days_to = Integer("Purchase Days, at Most")
    age_days_from = Integer("Days Since First Purchase, at Least")
    age_days_to = Integer("Days Since First Purchase, at Most")
    index_from = Float("Value Index, at Least", digits=(16, 1))
    silence_days_from = Integer("Days Since Last Purchase, at Least")
    silence_days_to = Integer("Days Since Last Purchase, at Most")
    cadence_from = Float(
        "Later Than Usual, at Least",
        digits=(16, 2),
        help="Days since the last purchase divided by the customer's typical gap: 2 is twice as late as "
        "usual. This and the risk of loss are signals, of which one is enough.",
    )
    risk_from = Float(
        "Risk of Loss, at Least (%)",
        digits=(16, 1),
        help="The predicted risk. Counts where there is a prediction, and once the customer is later than "
        "usual at all.",
    )
    return_days = Integer(
        "Came Back Within (days)",
        help="The customer bought again after having been in a stage whose health is Gone; the stage ends "
        "so many days after that.",
    )

    entry_action = fields.Selection(
        [("none", "Nothing"), ("plan", "Start an activity plan"), ("mail", "Send an e-mail")],
        "On Entry",
        default="none",
        required=True,
        help="Once for every move into this stage, but at most once a day for each customer, and for new customers "
        "within 30 days of their first purchase. Prospects who are new, moves that come from an import of old "
        "purchases, and moves that come from changed rules start nothing. An activity plan is started for at most ten "
        "customers of a salesperson a day, those with most money at risk first; the others wait.",
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
    rule_summary = fields.Char("Rule", compute="_compute_rule_summary")
    rule_notice = fields.Char("Notice", compute="_compute_rule_notice")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "name", "company_id", "sequence", "rule_sequence", "active", "fold", "color", "health", "description",
            "entry_action", "entry_plan_id", "entry_template_id", *self._threshold_fields,
        }

    @api.depends(*_threshold_fields)
    def _compute_rule_summary(self):
        for stage in self:
            stage.rule_summary = " · ".join(stage._rule_sentences()) or self.env._("everybody")

    def _rule_sentences(self):
        """Return what must hold, condition by condition, in the user's words."""
        self.ensure_one()
        thresholds = {
            "purchases": dict(self._fields["purchases"]._description_selection(self.env)).get(self.purchases),
            "purchase_days_from": self.env._("%s purchase days or more", self.purchase_days_from),
            "purchase_days_to": self.env._("%s purchase days or fewer", self.purchase_days_to),
            "age_days_from": self.env._("first purchase %s days ago or more", self.age_days_from),
            "age_days_to": self.env._("first purchase in the last %s days", self.age_days_to),
            "index_from": self.env._("value index %g or more", self.index_from),
            "silence_days_from": self.env._("silent for %s days or more", self.silence_days_from),
            "silence_days_to": self.env._("silent for %s days or less", self.silence_days_to),
            "return_days": self.env._("came back in the last %s days", self.return_days),
        }
        sentences = [text for name, text in thresholds.items() if self[name]]
        signals = {
            "cadence_from": self.env._("%g times the usual gap", self.cadence_from),
            "risk_from": self.env._("late with a risk of %g %% or more", self.risk_from),
        }
        late = [text for name, text in signals.items() if self[name]]
        return sentences + ([self.env._(" or ").join(late)] if late else [])

    @api.depends("company_id", "active", *_threshold_fields, "rule_sequence", "sequence")
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
                    "Never reached: %s is checked before and matches everybody.", before.name
                )
            elif stage._matches_everybody():
                stage.rule_notice = self.env._("Matches everybody: no stage after it is ever reached.")

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

    @api.constrains(*_threshold_fields)
    def _check_thresholds(self):
        labels = {name: self._fields[name]._description_string(self.env) for name in self._threshold_fields}
        for stage in self:
            for name in self._threshold_fields[1:]:
                if stage[name] < 0:
                    raise ValidationError(self.env._(
                        "%(field)s of the stage %(stage)s cannot be negative. Use 0 to switch it off.",
                        field=labels[name], stage=stage.name,
                    ))
            for low, high in (
                ("purchase_days_from", "purchase_days_to"),
                ("age_days_from", "age_days_to"),
                ("silence_days_from", "silence_days_to"),
            ):
                if stage[high] and stage[low] > stage[high]:
                    raise ValidationError(self.env._(
                        "%(low)s (%(from)s) lies above %(high)s (%(to)s), so nobody could be in the stage "
                        "%(stage)s.",
                        **{"low": labels[low], "from": stage[low], "high": labels[high], "to": stage[high],
                           "stage": stage.name},
                    ))
            if stage.index_from > 100 or stage.risk_from > 100:
                raise ValidationError(self.env._(
                    "The value index and the risk of loss end at 100, so nobody could be in the stage %s.",
                    stage.name,
                ))

    @api.constrains("entry_action", "entry_plan_id", "entry_template_id")
    def _check_entry_action(self):
        for stage in self:
            if stage.entry_action == "plan" and stage.entry_plan_id.res_model != "res.partner":
                raise ValidationError(self.env._(
                    "Choose an activity plan for contacts, or nothing, as what happens on entry of the stage %s.",
                    stage.name,
                ))
            if stage.entry_action == "mail" and stage.entry_template_id.model != "res.partner":
                raise ValidationError(self.env._(
                    "Choose an e-mail template for contacts, or nothing, as what happens on entry of the stage %s.",
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
                "Customers are or were in this stage. Archive it instead: then nobody enters it any more, and "
                "what happened stays readable."
            ))
        self._enqueue()

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
        folded, come last.
        """
        return (self.fold, self.purchases == "never", ("risk", "gone", "good").index(self.health))

    def _with_ranks(self):
        """Return [(stage, rank)] in the order of these records: 0 is good, and the higher, the worse."""
        health = {"good": 0, "risk": 1, "gone": 2}
        worse = self.filtered(lambda stage: stage.health != "good").sorted(
            lambda stage: (health[stage.health], stage.sequence, stage.id)
        )
        ranks = {stage: rank for rank, stage in enumerate(worse, 1)}
        return [(stage, ranks.get(stage, 0)) for stage in self]
