from odoo import api, fields, models


class CustomerLifeEvent(models.Model):
    """Something that changed in the life of a customer: they moved, have a new manager, are ten years old."""

    _name = "customer.life.event"
    _description = "Event in the Customer's Life"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
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
    kind = fields.Selection(
        [
            ("moved", "Moved"),
            ("manager", "New Manager"),
            ("owner", "New Owner"),
            ("anniversary", "Anniversary"),
            ("growth", "Grew"),
            ("trouble", "In Trouble"),
            ("family", "Family"),
            ("other", "Other"),
        ],
        required=True, default="other", index=True,
    )
    name = fields.Char("What Happened", required=True)
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    is_yearly = fields.Boolean("Every Year", help="An anniversary that comes back.")
    user_id = fields.Many2one(
        "res.users", "Noted by", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "partner_id", "kind", "name", "date", "is_yearly"}
