"""Complaints about invoices, and credit notes made from complaints."""

from odoo import fields, models

from .customer_complaint_count import SERVICE_GROUP


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "customer.complaint.count"]

    complaint_id = fields.Many2one(
        "customer.complaint",
        index="btree_not_null",
        copy=False,
        check_company=True,
        groups=SERVICE_GROUP,
        help="The complaint this credit note compensates.",
    )

    def _complaint_field(self):
        return "invoice_id"
