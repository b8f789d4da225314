"""What the customer is given: compensation, credit notes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.number_fields import Integer, Monetary

INVOICE_GROUPS = "account.group_account_invoice,account.group_account_readonly"


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    credit_note_ids = fields.One2many(
        "account.move", "complaint_id", "Credit Notes", readonly=True, groups=INVOICE_GROUPS
    )
    credit_note_count = Integer(compute="_compute_credited", compute_sudo=True)
    credited_amount = Monetary(
        compute="_compute_credited", compute_sudo=True, groups=INVOICE_GROUPS, help="Untaxed, drafts included."
    )

    _compensation_positive = models.Constraint(
        "CHECK (compensation >= 0)", "The compensation cannot be negative."
    )
    _handling_hours_positive = models.Constraint(
        "CHECK (handling_hours >= 0)", "The time spent cannot be negative."
    )

    @api.depends("credit_note_ids.state", "credit_note_ids.amount_untaxed_signed")
    def _compute_credited(self):
        groups = self.env["account.move"]._read_group(
            [("complaint_id", "in", self.ids), ("state", "!=", "cancel"), ("move_type", "=", "out_refund")],
            ["complaint_id"],
            ["__count", "amount_untaxed_signed:sum"],
        )
        found = {complaint.id: (count, -amount) for complaint, count, amount in groups}
        for complaint in self:
            count, amount = found.get(complaint._origin.id, (0, 0.0))
            complaint.credit_note_count = count
            complaint.credited_amount = amount

    def _move_documents(self, target):
        """Take the credit notes along when complaints are merged."""
        # sudo: whoever may merge complaints need not see documents of accounting.
        self.sudo().credit_note_ids.write({"complaint_id": target.id})
        return super()._move_documents(target)

    def action_create_credit_note(self):
        """Ask how much is credited, and for which invoice."""
        self.ensure_one()
        self._check_can_credit()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Note"),
            "res_model": "customer.complaint.credit",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _check_can_credit(self):
        """Raise, in words a person of the desk understands, when a credit note cannot be made (one record)."""
        self.check_access("write")
        if not self.env["account.move"].has_access("create"):
            raise AccessError(
                self.env._(
                    "You have no rights to create credit notes. Enter the compensation and assign an activity to a "
                    "colleague in invoicing."
                )
            )
        if self.merged_into_id:
            raise UserError(
                self.env._("%s was merged into another complaint. Create the credit note there.", self.display_name)
            )
        if self.state == "rejected":
            raise UserError(self.env._("%s was rejected. Reopen it before you credit anything.", self.display_name))
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer first. A credit note needs a customer."))

    def action_view_credit_notes(self):
        """Show the credit notes made from this complaint."""
        self.ensure_one()
        moves = self.credit_note_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "context": {"create": False},
        }
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "views": [(False, "form")]}
        return {**action, "domain": [("complaint_id", "=", self.id)], "views": [(False, "list"), (False, "form")]}
