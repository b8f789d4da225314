from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..base.number_fields import Integer

_lt = LazyTranslate(__name__)

# Marked, because unlike labels and help this text is not exported for translation by itself.
WITHOUT_STAGE = _lt("Without stage")


class CustomerValue(models.Model):
    """Where the customer is in their life with the company. Written by recomputes and pins."""

    _inherit = "customer.value"

    lifecycle_stage_id = fields.Many2one(
        "customer.lifecycle.stage",
        readonly=True,
        index=False,
        ondelete="restrict",
        group_expand="_group_expand_lifecycle_stage_id",
        falsy_value_label=WITHOUT_STAGE,
    )
    lifecycle_health = fields.Selection(related="lifecycle_stage_id.health", string="Health")
    stage_since = fields.Date("In Stage Since", readonly=True)
    stage_pinned = fields.Boolean(
        "Set by Hand", readonly=True, help="A colleague chose this stage for the customer. No rule changes it."
    )
    pin_reason = fields.Char("Reason", readonly=True)
    pin_until = fields.Date(
        "Set by Hand Until",
        readonly=True,
        help="Last day on which the stage is kept. Empty: until a colleague sets it back to automatic.",
    )
    pin_user_id = fields.Many2one("res.users", "Set by", readonly=True)

    stage_decidable = fields.Boolean(compute="_compute_stage_decidable")
    transition_count = Integer("Stage Changes", compute="_compute_transition_count")

    _stage_idx = models.Index("(lifecycle_stage_id, company_id)")

    @api.depends_context("uid")
    @api.depends("partner_id.user_id")
    def _compute_stage_decidable(self):
        """Whether the user may pin the customer."""
        others = self._of_others()
        for value in self:
            value.stage_decidable = value not in others

    @api.model
    def _group_expand_lifecycle_stage_id(self, stages, _domain):
        """Show every stage of the user's companies, also those nobody is in: where there is work to do first."""
        offered = self.env["customer.lifecycle.stage"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )
        return (stages | offered).sorted().sorted(lambda stage: stage._board_rank())

    def _check_pin_rights(self):
        """Refuse whoever is not responsible for all of these customers.

        Salespeople decide for their own customers and nobody's, whoever may see all documents for
        everybody; of companies one does not work in, nobody does.
        """
        self.check_access("read")
        others = self._of_others()
        if others:
            raise AccessError(self.env._(
                "Only the salesperson of %(customer)s, or a user who can see all documents, can set the stage.",
                customer=others[:1].partner_id.display_name,
            ))

    def _of_others(self):
        """Return the values about whose stage the user may not decide."""
        user = self.env.user
        if self.env.su or user.has_group("sales_team.group_sale_salesman_all_leads"):
            return self.browse()
        return self.filtered(lambda value: value.partner_id.user_id not in (user, user.browse()))

    def _pin_stage(self, stage, reason, until=None):
        """Put customers into a stage by hand; no rule moves them before the pin ends.

        :param stage: customer.lifecycle.stage
        :param str reason: why; required
        :param date until: last day of the pin, or None until somebody takes it away
        """
        self._check_pin_rights()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter a reason for the stage %s.", stage.name))
        for company, values in self.grouped("company_id").items():
            today = values._day_of_choice(company, until)
            if not stage.active or (stage.company_id or company) != company:
                raise UserError(self.env._(
                    "The stage %(stage)s is archived or belongs to another company than %(company)s.",
                    stage=stage.name, company=company.name,
                ))
            values._note_pin(stage, reason, today)
            moved = values.filtered(lambda value: value.lifecycle_stage_id != stage)
            pin = {
                "stage_pinned": True, "pin_reason": reason, "pin_until": until or False,
                "pin_user_id": self.env.uid,
            }
            # sudo: nobody writes values; who may pin whom was decided above.
            (values - moved).sudo().write(pin)
            moved.sudo().write({**pin, "lifecycle_stage_id": stage.id, "stage_since": today})

    def _note_pin(self, stage, reason, today):
        """Record the moves that a pin makes, with what there is to do on entry."""
        entry = "none" if stage.entry_action == "none" else "todo"
        # sudo: nobody writes stage changes; who may pin whom was decided by the caller.
        self.env["customer.lifecycle.transition"].sudo().create([
            {
                "partner_id": value.partner_id.id,
                "company_id": value.company_id.id,
                "from_stage_id": value.lifecycle_stage_id.id,
                "to_stage_id": stage.id,
                "date": today,
                "reason": "manual",
                "note": reason,
                "user_id": self.env.uid,
                "value_index": value.value_index,
                "revenue_12m": value.revenue_12m,
                "entry_state": entry,
            }
            for value in self.sudo()
            if value.lifecycle_stage_id != stage
        ])
        if entry == "todo":
            self.env["customer.value.mark"]._wake()

    def _unpin_stage(self):
        """Take the pins away; the rules decide again within minutes."""
        self._check_pin_rights()
        pinned = self.filtered("stage_pinned")
        # sudo: nobody writes values; who may do this was decided above.
        pinned.sudo().write({
            "stage_pinned": False, "pin_reason": False, "pin_until": False, "pin_user_id": False,
        })
        for company, values in pinned.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(values.partner_id, company)

    def _day_of_choice(self, company, until):
        """Return the day of a company on which something is chosen by hand.

        :param date until: the last day on which the choice holds, or None
        :raise UserError: when this day is over
        """
        today = self._lifecycle_today(company)
        if until and until < today:
            raise UserError(self.env._(
                "%(day)s is in the past. Choose today or later, or leave the date empty.",
                day=format_date(self.env, until),
            ))
        return today

    def _lifecycle_today(self, company):
        """Return which day it is for a company."""
        policy = self.env["customer.value.policy"]._get_active(company)
        return self.env["customer.value.run"]._today(policy)

    def action_pin_stage(self):
        """Ask for the stage, the reason and the end of a pin."""
        self._check_pin_rights()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Stage by Hand"),
            "res_model": "customer.value.pin",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_value_ids": self.ids, "default_stage_id": self[:1].lifecycle_stage_id.id},
        }

    def action_unpin_stage(self):
        """Let the rules decide again."""
        self._unpin_stage()

    def action_view_transitions(self):
        """Open the moves of the customer in this company."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_lifecycle_transition_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id),
        ]
        # Of one customer, where they began belongs to the story.
        action["context"] = {}
        return action

    @api.depends("partner_id", "company_id")
    def _compute_transition_count(self):
        groups = self.env["customer.lifecycle.transition"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            ["company_id", "partner_id"], ["__count"],
        )
        counts = {(company, partner): count for company, partner, count in groups}
        for value in self:
            value.transition_count = counts.get((value.company_id, value.partner_id), 0)
