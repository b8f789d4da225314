"""Complaints about invoices, and credit notes made from complaints."""

from odoo import api, fields, models
from odoo.fields import Domain

from .customer_complaint_count import SERVICE_GROUP


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "customer.complaint.count", "customer.link.mixin"]

    complaint_id = fields.Many2one(
        "customer.complaint",
        index="btree_not_null",
        copy=False,
        check_company=True,
        groups=SERVICE_GROUP,
        help="Complaint that this credit note is for.",
    )

    @api.model
    def _link_fields(self):
        return ["complaint_id"]

    def _complaint_field(self):
        return "invoice_id"

    def _complaint_help(self):
        return self.env._("No complaints about this invoice")

    def _complaint_domain(self):
        """Find the complaint that a credit note was made from, too."""
        # sudo: only which complaint it is; the user is shown those they may read.
        made_from = self.sudo().complaint_id
        return Domain(super()._complaint_domain()) | Domain("id", "in", made_from.ids)

    @api.depends("complaint_id")
    def _compute_complaint_count(self):
        result = super()._compute_complaint_count()
        # sudo: as above, only which complaint it is; what is counted is what the user may read.
        made_from = {move: move.sudo().complaint_id.sudo(self.env.su) for move in self}
        readable = self.env["customer.complaint"].union(*made_from.values())._filtered_access("read")
        for move, complaint in made_from.items():
            if complaint in readable and complaint.invoice_id != move:
                move.complaint_count += 1
        return result
