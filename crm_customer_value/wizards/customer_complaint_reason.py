from odoo import api, fields, models


class CustomerComplaintReason(models.TransientModel):
    """Asks what the customer is answered, or why complaints are rejected or opened again."""

    _name = "customer.complaint.reason"
    _inherit = ["customer.service.wizard"]
    _description = "Words to Answer, Reject or Reopen Complaints"
    _named_fields = ("complaint_ids",)

    complaint_ids = fields.Many2many("customer.complaint", string="Complaints", required=True, readonly=True)
    purpose = fields.Selection(
        [("answer", "Answer"), ("reject", "Reject"), ("reopen", "Reopen")], required=True, readonly=True
    )
    # Whether it may be empty is said by what it is for.
    reason = fields.Text()

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"complaint_ids", "purpose", "reason"}

    def action_confirm(self):
        """Answer, reject or reopen the complaints."""
        self.ensure_one()
        if self.purpose == "answer":
            self.complaint_ids._answer(self.reason)
        elif self.purpose == "reject":
            self.complaint_ids._reject(self.reason)
        else:
            self.complaint_ids._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
