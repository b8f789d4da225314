"""What was said to an objection, and whether it helped."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .customer_need import UNMET_STATES

HELPED = [("yes", "Helped"), ("no", "Did Not Help")]
OBJECTION_STATES = [("open", "Open"), ("overcome", "Overcome")]
# What the end of an opportunity says of the answers that were given in it.
OUTCOMES = {"won": "yes", "lost": "no"}


class CustomerNeed(models.Model):
    _inherit = "customer.need"

    advice = fields.Text(related="type_id.advice")
    answer_id = fields.Many2one(
        "customer.need.answer", "Our Answer", index="btree_not_null", tracking=True, ondelete="restrict",
        domain="[('type_id', '=', type_id)]",
        help="What we said to the objection. The answers that helped most often come first; write a new one to add it.",
    )
    helped_said = fields.Selection(
        HELPED, "Did It Help?",
        help="Empty: it helped if the opportunity is won, and did not if it is lost.",
    )
    helped = fields.Selection(HELPED, "Success", compute="_compute_helped", store=True, tracking=True)
    objection_state = fields.Selection(
        OBJECTION_STATES, "Open or Overcome", compute="_compute_objection_state", store=True,
        help="An objection is overcome when the answer to it helped. Empty: a need, which has a state of its own.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"answer_id", "helped_said"}

    @api.depends("kind", "answer_id", "helped_said", "lead_id.won_status")
    def _compute_helped(self):
        """Go by what somebody said, and otherwise by how the opportunity ended."""
        for need in self:
            answered = need.kind == "objection" and need.answer_id
            need.helped = answered and (need.helped_said or OUTCOMES.get(need.lead_id.won_status))

    @api.depends("kind", "state", "helped")
    def _compute_objection_state(self):
        for need in self:
            stands = need.helped != "yes" and need.state in UNMET_STATES
            need.objection_state = need.kind == "objection" and ("open" if stands else "overcome")

    @api.onchange("type_id")
    def _onchange_type_id(self):
        if self.answer_id.type_id != self.type_id:
            self.answer_id = False

    @api.constrains("type_id", "answer_id")
    def _check_answer(self):
        for need in self:
            if need.answer_id and need.answer_id.type_id != need.type_id:
                raise ValidationError(self.env._(
                    "“%(answer)s” is an answer to another objection than “%(type)s”. Choose another answer.",
                    answer=need.answer_id.text, type=need.type_id.name,
                ))
