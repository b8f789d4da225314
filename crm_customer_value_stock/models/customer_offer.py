from odoo import api, models
from odoo.fields import Domain


class CustomerOffer(models.Model):
    _inherit = "customer.offer"

    @api.model
    def _offerable(self, company):
        """Leave out what is kept in stock and is not there: in no warehouse of the company."""
        products = self.env["product.product"].with_context(active_test=False, allowed_company_ids=company.ids)
        return products._search(
            Domain("id", "in", super()._offerable(company))
            & (Domain("is_storable", "=", False) | Domain("qty_available", ">", 0))
        )
