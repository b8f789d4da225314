from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Compute margins anew where the cost of a product is for another unit than before."""
        units = {product: product.uom_id for product in self} if "uom_id" in vals else {}
        result = super().write(vals)
        if any(product.uom_id != unit for product, unit in units.items()):
            self.env["customer.value.run"]._enqueue_by_source("invoice")
        return result
