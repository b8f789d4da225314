from odoo import fields, models

from ..base.number_fields import Integer


class CustomerProductBuyers(models.Model):
    """How many customers of a company bought a product, when its neighbours were last counted."""

    _name = "customer.product.buyers"
    _description = "Buyers of a Product"
    _inherit = ["customer.guarded.mixin"]
    _order = "customers desc, product_id"
    _rec_name = "product_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    customers = Integer(required=True, readonly=True, help="With their families: contacts of one company count once.")
    recent_customers = Integer(
        "Customers of the Last 90 Days", readonly=True, optional=True, help="Empty: not counted yet.",
    )
    buyers = fields.Char(
        "Who They Are", required=True, readonly=True, groups="base.group_system",
        help="A hash of them. While it stays the same, nothing has to be counted again.",
    )

    _product_uniq = models.Constraint("UNIQUE(company_id, product_id)", "The buyers of a product are counted once.")
