from odoo import fields, models


class CustomerComplaintReason(models.TransientModel):
    """Asks why complaints are rejected or opened again."""

    _name = "customer.complaint.reason"
    _inherit = ["customer.service.wizard"]
    _description = "Reason to Reject or Reopen Complaints"
    _named_fields = ("complaint_ids",)

    complaint_ids = fields.Many2many("customer.complaint", string="Complaints", required=True, readonly=True)
    purpose = fields.Selection([("reject", "Reject"), ("reopen", "Reopen")], required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Reject or reopen the complaints."""
        self.ensure_one()
        if self.purpose == "reject":
            self.complaint_ids._reject(self.reason)
        else:
            self.complaint_ids._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
