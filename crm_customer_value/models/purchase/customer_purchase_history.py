from odoo import api, fields, models
from odoo.tools import SQL

from ..base.number_fields import Float, Monetary


class CustomerPurchaseHistory(models.Model):
    """One purchase (or, with a negative amount, one return) made outside this Odoo."""

    _name = "customer.purchase.history"
    _description = "Imported Purchase"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin", "customer.value.source"]
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
    batch_id = fields.Many2one(
        "customer.purchase.import.batch", "Import", readonly=True, copy=False, index="btree_not_null",
        help="Empty if somebody entered the purchase by hand, or imported it with a version before 19.0.1.4.1.",
    )
    line_ids = fields.One2many("customer.purchase.history.line", "purchase_id", "Lines", readonly=True)

    _value_reads = frozenset(("company_id", "partner_id", "date", "amount", "has_margin", "margin", "reference"))

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

    @api.model
    def _delete_by_query(self, query):
        """Delete the purchases that ``query`` finds, with their lines, in one statement.

        Does what ``unlink`` does, for as many as an import can bring. The rights are checked by the caller.

        :return: the number of purchases and that of their customers
        """
        self.env.flush_all()
        for model, column in (("ir.attachment", "res_model"), ("ir.model.data", "model")):
            # No foreign key leads from these to the purchases. sudo: as for every record that is deleted.
            linked = self.env[model].sudo()
            linked.browse(row[0] for row in self.env.execute_query(SQL(
                "SELECT id FROM %s WHERE %s = %s AND res_id IN %s",
                SQL.identifier(linked._table), SQL.identifier(column), self._name, query.subselect(),
            ))).unlink()
        marks = self.env["customer.value.mark"]
        purchases, customers = 0, set()
        for company_id, number, partner_ids in self.env.execute_query(SQL(
            """WITH deleted AS (
                DELETE FROM customer_purchase_history WHERE id IN %s RETURNING company_id, partner_id
            )
            SELECT company_id, count(*), array_agg(DISTINCT partner_id) FROM deleted GROUP BY company_id""",
            query.subselect(),
        )):
            purchases += number
            customers.update(partner_ids)
            marks._mark(self.env["res.partner"].browse(partner_ids), self.env["res.company"].browse(company_id))
        self.env.invalidate_all(flush=False)
        return purchases, len(customers)

    def _value_customers(self):
        for company, purchases in self.grouped("company_id").items():
            yield purchases.partner_id, company
