from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.number_fields import Integer
from . import purchase_import_texts as texts


class CustomerPurchaseImportColumn(models.TransientModel):
    """One column of a file to import, and what it holds."""

    _name = "customer.purchase.import.column"
    _description = "Column of an Import of Purchases"
    _inherit = ["customer.guarded.mixin"]
    _order = "sequence, id"

    import_id = fields.Many2one("customer.purchase.import", required=True, ondelete="cascade")
    sequence = Integer()
    header = fields.Char("Column of the File", readonly=True)
    example = fields.Char("First Values", readonly=True, copy=False)
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

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"import_id", "sequence", "header", "meaning"}

    def _mapping(self):
        """Return {meaning: header} of the columns that are used."""
        mapping = {}
        for column in self.filtered("meaning"):
            if column.meaning in mapping:
                raise UserError(self.env._(
                    "The columns “%(first)s” and “%(second)s” cannot both mean “%(meaning)s”. Change one of them.",
                    first=mapping[column.meaning], second=column.header,
                    meaning=texts.field_label(self.env, column.meaning),
                ))
            mapping[column.meaning] = column.header
        return mapping
