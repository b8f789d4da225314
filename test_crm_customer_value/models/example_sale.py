from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_value.models.timeline.customer_timeline import TimelineEntry, TimelineKind


class ExampleSale(models.Model):
    """A sale at a market stall, in the currency of the company. Its margin is not known."""

    _name = "example.sale"
    _description = "Example of a Source of Purchases"
    _inherit = ["customer.value.source"]

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    amount = fields.Float(required=True)

    _value_reads = frozenset(("partner_id", "company_id", "date", "amount"))
    _value_silent = {"name": "no value depends on it"}

    def _value_customers(self):
        for company, sales in self.grouped("company_id").items():
            yield sales.partner_id, company


class CustomerValueRun(models.Model):
    _inherit = "customer.value.run"

    def _purchase_sources(self, scope):
        return super()._purchase_sources(scope) | {"example.sale": SQL(
            """SELECT o.partner_id, o.id AS document_id, 'example.sale' AS model, %s AS day, o.amount AS revenue,
                      NULL AS margin, o.amount < 0 AS credit, o.name, FALSE AS unrated
                 FROM example_sale o WHERE %s AND %s""",
            scope.day(SQL("o.date")), scope.mine("o"), scope.until(SQL("o.date")),
        )}


class CustomerValuePurchase(models.Model):
    _inherit = "customer.value.purchase"

    kind = fields.Selection(selection_add=[("stall", "Market Stall")])

    @api.model
    def _document_kinds(self):
        return super()._document_kinds() | {"example.sale": ("stall", "stall")}


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "stall": TimelineKind(
                "Market Stall", "fa-leaf", "example.sale", "date", [], type(self)._tell_stall,
                customer="partner_id.commercial_partner_id",
            ),
        }

    @api.model
    def _tell_stall(self, sale):
        return TimelineEntry(sale.name)
