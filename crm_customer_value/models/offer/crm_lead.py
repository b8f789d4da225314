from odoo import models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_offer_quotation(self, product_id=None):
        """Make a quotation with a product for this opportunity, and open it."""
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise UserError(self.env._("Choose a customer first."))
        _customer, company = self.partner_id._customer_offer_side((self.company_id or self.env.company).id)
        product = self.env["product.product"].browse(product_id or ())
        return self.env["customer.offer"]._quote(
            self.partner_id, product, company, **self._prepare_opportunity_quotation_context()
        )
