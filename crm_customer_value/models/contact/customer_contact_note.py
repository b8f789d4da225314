from odoo import api, fields, models


class CustomerContactNote(models.Model):
    """Something that everybody who meets a customer should know, pinned on the contact."""

    _name = "customer.contact.note"
    _description = "What to Know about a Customer"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _rec_name = "text"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    text = fields.Text("What to Know", required=True)
    user_id = fields.Many2one(
        "res.users", "Written by", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today, copy=False)
    active = fields.Boolean(default=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "partner_id", "text", "active"}
