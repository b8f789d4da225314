from odoo import api, fields, models

from ...models.base.number_fields import Float


class CustomerBenefitSettlement(models.TransientModel):
    """Answers a customer who contests a figure: it is corrected, or stays as it is."""

    _name = "customer.benefit.settlement"
    _inherit = ["customer.service.wizard"]
    _description = "Settle a Contested Figure"
    _named_fields = ("record_id",)

    record_id = fields.Many2one("customer.benefit.record", "Figure", required=True)
    customer_id = fields.Many2one(related="record_id.commercial_partner_id", related_sudo=False)
    contest_words = fields.Text(related="record_id.contest_words", related_sudo=False)
    old_value = Float("Value So Far", related="record_id.value", related_sudo=False)
    unit = fields.Char(related="record_id.unit", related_sudo=False)
    outcome = fields.Selection(
        [("corrected", "The figure was wrong and is corrected"), ("stays", "The figure is right and stays")],
        required=True, default="corrected",
    )
    value = Float(
        "Correct Value", compute="_compute_value", store=True, readonly=False, digits=0, compute_sudo=False,
    )
    words = fields.Text("Answer to the Customer", required=True, help="The customer reads it on the portal.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"record_id", "outcome", "value", "words"}

    @api.depends("record_id")
    def _compute_value(self):
        for wizard in self:
            wizard.value = wizard.record_id.value

    def action_settle(self):
        """Answer the customer, who is asked again whether the figure is right."""
        self.ensure_one()
        record = self.record_id
        is_corrected = self.outcome == "corrected" and self.value != record.value
        record._settle(self.words, {"value": self.value} if is_corrected else None)
        return {"type": "ir.actions.act_window_close"}
