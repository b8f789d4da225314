from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerSuggestionDecline(models.TransientModel):
    """Asks why a suggestion is declined, and tells the customer."""

    _name = "customer.suggestion.decline"
    _inherit = ["customer.service.wizard"]
    _description = "Decline a Suggestion"
    _named_fields = ("suggestion_id",)

    suggestion_id = fields.Many2one(
        "customer.suggestion", required=True, default=lambda self: self.env.context.get("active_id")
    )
    partner_id = fields.Many2one(related="suggestion_id.partner_id", related_sudo=False)
    reason = fields.Text(required=True, help="The customer reads it.")
    tell = fields.Boolean(
        "Send to the Customer",
        compute="_compute_tell",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="As a message; otherwise the customer finds the reason on the portal.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"suggestion_id", "reason", "tell"}

    @api.depends("suggestion_id")
    def _compute_tell(self):
        for wizard in self:
            wizard.tell = bool(wizard.partner_id.email_normalized)

    def action_decline(self):
        """Decline the suggestion for the reason given."""
        self.ensure_one()
        reason = self.reason.strip()
        if not reason:
            raise UserError(self.env._("Enter a reason. The customer reads it."))
        stage = self.env["customer.suggestion.stage"].search([("state", "=", "declined")], limit=1)
        if not stage:
            raise UserError(self.env._("There is no stage with the meaning Declined. Ask an administrator to add one."))
        self.suggestion_id.write({"decline_reason": reason, "stage_id": stage.id})
        if self.tell and self.partner_id:
            # In the customer's language: it is the customer who reads it.
            suggestion = self.suggestion_id.with_context(lang=self.partner_id.lang or self.env.lang)
            suggestion.message_post(
                body=suggestion.env._(
                    "Thank you for your suggestion. We have decided not to follow it: %(reason)s", reason=reason
                ),
                partner_ids=self.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return {"type": "ir.actions.act_window_close"}
