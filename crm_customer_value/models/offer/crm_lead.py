from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_offer_quotation(self, product_id=None):
        """Make a quotation with a product for this opportunity, and open it."""
        self.ensure_one()
        self.check_access("write")
        customer, company = self.partner_id._customer_offer_side((self.company_id or self.env.company).id)
        product = self.env["product.product"].browse(product_id or ())
        offers = self.env["customer.offer"]
        offers._note_product(customer, product, company)
        order = self.env["sale.order"].with_context(**self._prepare_opportunity_quotation_context()).create({
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "order_line": [offers._order_line(product)] if product else [],
        })
        return {
            "type": "ir.actions.act_window", "res_model": "sale.order", "res_id": order.id, "views": [(False, "form")],
        }
