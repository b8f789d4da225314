from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_offer_add(self, product_id=None, quantity=None):
        """Add a product to this quotation; where it is one of what is proposed, it was offered by that.

        :param float quantity: in the unit of the product; by default 1
        """
        self.ensure_one()
        self.check_access("write")
        customer, company = self.partner_id._customer_offer_side(self.company_id.id)
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("This quotation was confirmed or cancelled. Make a new one."))
        product = self.env["product.product"].browse(product_id or ())
        if not product:
            return
        offers = self.env["customer.offer"]
        # Before the line is there: what was quoted is not proposed.
        offers._note_product(customer, product, company)
        self.write({"order_line": [offers._order_line(product, quantity)]})
