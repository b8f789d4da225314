from odoo import fields, models


class CustomerPurchaseImportColumn(models.TransientModel):
    """One column of a file to import, and what it holds."""

    _name = "customer.purchase.import.column"
    _description = "Column of an Import of Purchases"
    _inherit = ["customer.import.column.mixin"]

    import_id = fields.Many2one("customer.purchase.import", required=True, ondelete="cascade")
    meaning = fields.Selection(
        [
            ("ref", "Customer Reference"),
            ("email", "Customer E-mail"),
            ("vat", "Customer VAT"),
            ("name", "Customer Name"),
            ("country", "Customer Country"),
            ("date", "Date"),
            ("amount", "Amount (untaxed)"),
            ("quantity", "Quantity"),
            ("price", "Unit Price (untaxed)"),
            ("margin", "Margin"),
            ("cost", "Cost"),
            ("currency", "Currency"),
            ("reference", "Order Number"),
            ("product", "Product Code"),
            ("product_name", "Product Name"),
        ],
        string="Means",
        help="Columns without a meaning are not used.",
    )
