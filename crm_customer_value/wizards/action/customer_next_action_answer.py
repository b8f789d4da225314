from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Whoever puts off for longer should say that it is not useful.
LATER_DAYS = 7
LATEST_DAYS = 365


class CustomerNextActionAnswer(models.TransientModel):
    """Asks until when an action is put off, or why it is not useful."""

    _name = "customer.next.action.answer"
    _description = "Answer to an Action"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    action_id = fields.Many2one("customer.next.action", required=True, ondelete="cascade")
    answer = fields.Selection([("later", "Later"), ("not_useful", "Not Useful")], required=True, default="later")
    day = fields.Date(
        "Not Before", default=lambda self: fields.Date.context_today(self) + timedelta(days=LATER_DAYS),
        help="On this day it comes back, before what is not promised for a day.",
    )
    reason = fields.Selection(
        lambda self: self.env["customer.next.action"]._fields["reason"]._description_selection(self.env), "Why"
    )
    note = fields.Char("In Your Words")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"action_id", "answer", "day", "reason", "note"}

    @api.constrains("answer", "day")
    def _check_day(self):
        for wizard in self.filtered(lambda wizard: wizard.answer == "later"):
            today = fields.Date.context_today(self)
            if not wizard.day or not today < wizard.day <= today + timedelta(days=LATEST_DAYS):
                raise ValidationError(self.env._("Choose a day after today and within a year."))

    def action_answer(self):
        """Put the action off, or leave it and note why."""
        self.ensure_one()
        action = self.action_id
        action._check_mine()
        if self.answer == "later":
            action._put_off(self.day)
        elif not self.reason:
            raise UserError(self.env._("Choose why it is not useful: the lists get better by it."))
        else:
            action._leave(self.reason, (self.note or "").strip() or False)
        return action._action_next() or {"type": "ir.actions.act_window_close"}
