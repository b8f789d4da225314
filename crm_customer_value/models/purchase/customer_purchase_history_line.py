from odoo import api, fields, models

from ..base.number_fields import Float, Monetary


class CustomerPurchaseHistoryLine(models.Model):
    """What was bought with one purchase made outside this Odoo: one product of it."""

    _name = "customer.purchase.history.line"
    _description = "Imported Purchase Line"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "purchase_id, id"
    _rec_name = "product_name"
    _check_company_auto = True

    purchase_id = fields.Many2one(
        "customer.purchase.history", required=True, index=True, ondelete="cascade", readonly=True, copy=False
    )
    company_id = fields.Many2one(related="purchase_id.company_id", store=True)
    partner_id = fields.Many2one(related="purchase_id.partner_id", store=True, index=True)
    date = fields.Date(related="purchase_id.date")
    currency_id = fields.Many2one(related="purchase_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        ondelete="set null",
        check_company=True,
        help="Empty where the file names a product that is not in the catalog.",
    )
    product_code = fields.Char(readonly=True, copy=False, help="As written in the file.")
    product_name = fields.Char(readonly=True, copy=False, help="As written in the file.")
    quantity = Float(
        digits="Product Unit", readonly=True, copy=False, optional=True, help="Empty if it is not in the file."
    )
    price_unit = Float(
        "Unit Price", digits="Product Price", readonly=True, copy=False, optional=True,
        help="Untaxed, in company currency.",
    )
    amount = Monetary(
        readonly=True, copy=False, help="Untaxed, in company currency. Negative for what was returned."
    )

    _product_company_idx = models.Index("(product_id, company_id) WHERE product_id IS NOT NULL")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"product_id"}
