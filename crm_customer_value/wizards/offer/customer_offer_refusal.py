from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...models.base.number_fields import Integer


class CustomerOfferRefusal(models.TransientModel):
    """Asks why a customer does not want a product."""

    _name = "customer.offer.refusal"
    _description = "Refusal of a Product"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    refusal = fields.Selection(
        lambda self: self.env["customer.offer"]._fields["refusal"]._description_selection(self.env), "Why",
        required=True,
    )
    note = fields.Char("What the Customer Said")
    rest_days = Integer("Days of Rest", compute="_compute_rest_days")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "partner_id", "product_id", "refusal", "note"}

    @api.depends("company_id")
    def _compute_rest_days(self):
        for refusal in self:
            # sudo: it counts for everybody.
            refusal.rest_days = refusal.company_id.sudo().offer_rest_refused

    @api.depends("product_id.display_name")
    def _compute_display_name(self):
        for refusal in self:
            refusal.display_name = refusal.product_id.display_name

    def action_refuse(self):
        """Note why the customer does not want the product."""
        self.ensure_one()
        customer, company = self.partner_id._customer_offer_side(self.company_id.id)
        offers = self.env["customer.offer"]
        if not offers._own_customers(customer):
            raise AccessError(self.env._("This is the customer of a colleague. Ask them what to offer."))
        offer = offers.search([
            ("company_id", "=", company.id), ("commercial_partner_id", "=", customer.id),
            ("product_id", "=", self.product_id.id),
        ], limit=1) or offers._note_product(customer, self.product_id, company) or offers.create({
            "company_id": company.id, "partner_id": customer.id, "product_id": self.product_id.id,
        })
        offer._refuse(self.refusal, (self.note or "").strip() or False)
        return {"type": "ir.actions.act_window_close"}
