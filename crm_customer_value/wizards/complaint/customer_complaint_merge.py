from odoo import api, fields, models
from odoo.fields import Domain

from ...models.complaint.customer_complaint_stage import OPEN_STATES


class CustomerComplaintMerge(models.TransientModel):
    """Asks which complaint stays when several tell the same."""

    _name = "customer.complaint.merge"
    _inherit = ["customer.service.wizard"]
    _description = "Merge Complaints"
    _named_fields = ("complaint_ids", "target_id")

    complaint_ids = fields.Many2many(
        "customer.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self._chosen("customer.complaint"),
    )
    choice_ids = fields.Many2many("customer.complaint", compute="_compute_choice_ids")
    target_id = fields.Many2one(
        "customer.complaint",
        string="Merge Into",
        required=True,
        compute="_compute_target_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', choice_ids)]",
    )
    closing_ids = fields.Many2many("customer.complaint", compute="_compute_closing_ids", string="Will Be Closed")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"complaint_ids", "target_id"}

    @api.depends("complaint_ids")
    def _compute_choice_ids(self):
        """Open complaints of the same customer or, without one, from the same address."""
        for wizard in self:
            complaints = wizard.complaint_ids._origin
            domain = Domain("state", "in", OPEN_STATES) & Domain("company_id", "in", complaints.company_id.ids)
            if complaints.commercial_partner_id:
                domain &= Domain("commercial_partner_id", "in", complaints.commercial_partner_id.ids)
            elif addresses := complaints._sender_addresses():
                domain &= Domain.OR(
                    Domain("partner_id.email_normalized", "=", address)
                    | (Domain("partner_id", "=", False) & Domain("email_from", "ilike", address))
                    for address in addresses
                )
            domain &= Domain("id", "in" if len(complaints) > 1 else "not in", complaints.ids)
            wizard.choice_ids = complaints.search(domain, order="date_received, id", limit=200)

    @api.depends("complaint_ids", "choice_ids")
    def _compute_target_id(self):
        """Of several, propose the oldest: its deadline was promised first. Of one alone, the user chooses the other."""
        for wizard in self:
            if len(wizard.complaint_ids) > 1 and not wizard.target_id:
                wizard.target_id = wizard.choice_ids[:1]

    @api.depends("complaint_ids", "target_id")
    def _compute_closing_ids(self):
        for wizard in self:
            wizard.closing_ids = wizard.complaint_ids - wizard.target_id

    def action_merge(self):
        """Merge, and show the complaint that stays."""
        self.ensure_one()
        (self.complaint_ids - self.target_id)._merge_into(self.target_id)
        return self.target_id._get_records_action(context={})
