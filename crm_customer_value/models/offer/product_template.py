from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_offered_on_portal = fields.Boolean(
        "Show to Customers on the Portal",
        help="Customers who may need this product read its name, its picture and its sales description on their "
        "portal, once at least five customers have bought it. Leave it off for what was made for one customer.",
    )
