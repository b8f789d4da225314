from odoo import api, fields, models

from .number_fields import Float, Monetary


class CustomerPurchaseHistory(models.Model):
    """One purchase (or, with a negative amount, one return) made outside this Odoo."""

    _name = "customer.purchase.history"
    _description = "Imported Purchase"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _rec_name = "reference"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True)
    reference = fields.Char(help="Number of the order or invoice in the system it comes from.")
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount = Monetary(
        required=True,
        help="Untaxed, in company currency. A negative amount reduces revenue and does not count as a purchase.",
    )
    has_margin = fields.Boolean(
        "Margin Known", help="If not ticked, the margin of this purchase is unknown."
    )
    margin = Monetary(help="Untaxed, in company currency.", optional=True)
    amount_currency = Float(
        "Original Amount", digits=0, help="As written in the file, in the original currency.",
        optional=True,
    )
    original_currency_id = fields.Many2one("res.currency")
    import_key = fields.Char(
        readonly=True,
        copy=False,
        help="Used to recognise rows that were already imported.",
    )
    import_file = fields.Char("Imported From", readonly=True, copy=False)
    line_ids = fields.One2many("customer.purchase.history.line", "purchase_id", "Lines", readonly=True)

    _unique_import_key = models.UniqueIndex(
        "(company_id, import_key) WHERE import_key IS NOT NULL",
        "This row was already imported.",
    )
    _company_date_idx = models.Index("(company_id, date)")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {
            "company_id", "partner_id", "date", "reference", "amount", "has_margin", "margin", "amount_currency",
            "original_currency_id", "line_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._mark_customers()
        return records

    def write(self, vals):
        self._mark_customers()
        result = super().write(vals)
        if "partner_id" in vals or "company_id" in vals:
            self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note that the values of these purchases' customers have to be recomputed."""
        for company, records in self.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(records.partner_id, company)
