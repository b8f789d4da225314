from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.readonly
    def get_both_sides(self):
        """Return what this product brings to us and to customers, as far as the user may see it, for the browser.

        See ``customer.value._product_sides``.
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.value"]._product_sides(self, self.env.company)
