from odoo import fields, models


class CustomerBenefitImportColumn(models.TransientModel):
    """One column of a file to import, and what it holds."""

    _name = "customer.benefit.import.column"
    _description = "Column of an Import of Measurements"
    _inherit = ["customer.import.column.mixin"]

    import_id = fields.Many2one("customer.benefit.import", required=True, ondelete="cascade")
    meaning = fields.Selection(
        [
            ("ref", "Customer Reference"),
            ("email", "Customer E-mail"),
            ("vat", "Customer VAT"),
            ("name", "Customer Name"),
            ("country", "Customer Country"),
            ("metric", "Metric"),
            ("month", "Month"),
            ("date_from", "First Day"),
            ("date_to", "Last Day"),
            ("value", "Value"),
            ("unit", "Unit"),
            ("baseline", "Baseline"),
            ("product", "Product"),
            ("note", "Remark"),
        ],
        string="Means",
        help="Columns without a meaning are not used.",
    )
