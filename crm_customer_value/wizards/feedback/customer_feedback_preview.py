from collections import Counter

from odoo import fields, models
from odoo.fields import Command

from ...models.base.number_fields import Integer
from ...models.feedback.customer_feedback import REASONS
from ...models.feedback.customer_feedback_rule_asking import PREVIEW_DAYS

ASKED = "asked"


class CustomerFeedbackPreview(models.TransientModel):
    """How many contacts a rule would have asked lately, and how many not for which reason."""

    _name = "customer.feedback.preview"
    _description = "Preview of a Feedback Rule"
    _inherit = ["customer.guarded.mixin"]

    rule_id = fields.Many2one("customer.feedback.rule", readonly=True, ondelete="cascade")
    is_on = fields.Boolean(related="rule_id.active")
    summary = fields.Char(readonly=True)
    line_ids = fields.One2many("customer.feedback.preview.line", "preview_id", readonly=True)

    def _fill(self):
        """Count what the rule would have done (one record)."""
        counts = Counter(reason or ASKED for _partner_id, reason in self.rule_id._preview_rows())
        # sudo: what was counted is nobody's to write.
        self.sudo().write({
            "summary": self._summary(counts),
            "line_ids": [
                Command.create({"outcome": outcome, "number": counts[outcome]})
                for outcome in (ASKED, *dict(REASONS)) if counts[outcome]
            ],
        })

    def _summary(self, counts):
        """Return in words what the rule would have done."""
        if not counts:
            return self.env._(
                "Nothing happened in the last %(days)s days that this rule asks about.", days=PREVIEW_DAYS
            )
        return self.env._(
            "In the last %(days)s days this happened %(happened)s times. Had the rule been on, %(asked)s questions "
            "would have been sent.",
            days=PREVIEW_DAYS, happened=counts.total(), asked=counts[ASKED],
        )

    def action_switch_on(self):
        """Switch the rule on, now that it is known what it does."""
        self.ensure_one()
        self.check_access("read")
        self.rule_id.action_switch_on()
        return {"type": "ir.actions.act_window_close"}


class CustomerFeedbackPreviewLine(models.TransientModel):
    """One outcome of a rule, and how often it would have come to that."""

    _name = "customer.feedback.preview.line"
    _description = "Outcome of a Feedback Rule"
    _inherit = ["customer.guarded.mixin"]

    preview_id = fields.Many2one("customer.feedback.preview", readonly=True, ondelete="cascade")
    outcome = fields.Selection([(ASKED, "Would be asked"), *REASONS], readonly=True)
    number = Integer(readonly=True)

    def action_view_contacts(self):
        """Open the contacts of this outcome."""
        self.ensure_one()
        self.check_access("read")
        wanted = False if self.outcome == ASKED else self.outcome
        contacts = {
            partner_id for partner_id, reason in self.preview_id.rule_id._preview_rows() if (reason or False) == wanted
        }
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["outcome"]._description_selection(self.env))[self.outcome],
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", sorted(contacts))],
            "context": {"active_test": False},
        }
