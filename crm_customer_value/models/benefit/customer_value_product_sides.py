from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..complaint.customer_complaint_stage import OPEN_STATES

# Who buys nothing for longer does not count as a user of the product.
MONTHS = 12


class CustomerValue(models.Model):
    """What a product brings to us, beside what its customers gain by it."""

    _inherit = "customer.value"

    @api.model
    def _product_sides(self, product, company):
        """Return both sides of a product in the last twelve months, with the documents and records of the user.

        :return: ``sales`` {"margin", "revenue", "customers", "all" (whether the user sees everybody's)};
            ``gain`` {"amount", "confirmed", "customers", "records", "since"}; ``needs`` {"met", "open"};
            ``complaints`` {"open", "recent"}; each False where the user may not read these; ``product_ids``: the
            variants; ``since``: the first day
        """
        since = fields.Date.context_today(self) - relativedelta(months=MONTHS)
        variants = product.with_context(active_test=False).product_variant_ids
        of_product = Domain("company_id", "=", company.id) & Domain("product_id", "in", variants.ids)
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "product_ids": variants.ids,
            "since": fields.Date.to_string(since),
            "sales": self._product_sales(company, of_product, since),
            "gain": self._product_gain(company, variants),
            "needs": self._product_counts("customer.need", of_product & Domain("kind", "=", "need"), {
                "met": Domain("state", "in", ("met", "partly")),
                "open": Domain("state", "=", "open"),
            }),
            "complaints": self._product_counts(
                "customer.complaint", of_product & Domain("date_received", ">=", since), {
                    "recent": Domain.TRUE,
                    "open": Domain("state", "in", OPEN_STATES),
                },
            ),
        }

    @api.model
    def _product_sales(self, company, of_product, since):
        """Return what orders of the product brought, or False where the user sees no orders.

        Amounts are in company currency, at the rate that each order has: it is what the customer agreed to that day.
        """
        lines = self.env["sale.order.line"]
        if not lines.has_access("read") or not self.has_access("read"):
            return False
        domain = of_product & Domain([
            ("state", "=", "sale"), ("order_id.date_order", ">=", since), ("display_type", "=", False),
        ])
        query = lines._search(domain)
        orders, order = lines._fields["order_id"].join(lines, lines._table, query)
        rate = orders._field_to_sql(order, "currency_rate", query)
        # An order without a rate counts one to one, as in Odoo's own analysis of sales.
        [[revenue, margin]] = self.env.execute_query(query.select(*(
            SQL("SUM(%s / COALESCE(NULLIF(%s, 0), 1))", lines._field_to_sql(lines._table, name, query), rate)
            for name in ("price_subtotal", "margin")
        )))
        return {
            "revenue": company.currency_id.round(revenue or 0.0),
            "margin": company.currency_id.round(margin or 0.0),
            "customers": self._product_customers(lines, domain, "order_partner_id"),
            "all": self._sees_all_amounts(),
        }

    @api.model
    def _product_customers(self, records, domain, partner_path):
        """Return how many customers some records belong to; contacts of one customer count once."""
        query = records._search(domain)
        partners, partner = records._fields[partner_path].join(records, records._table, query)
        [[number]] = self.env.execute_query(query.select(SQL(
            "COUNT(DISTINCT %s)", partners._field_to_sql(partner, "commercial_partner_id", query)
        )))
        return number

    @api.model
    def _product_gain(self, company, variants):
        """Return what customers gained by the product: by records of it, or of a goal to be reached by it."""
        records = self.env["customer.benefit.record"]
        if not records.has_access("read"):
            return False
        domain = [
            ("company_id", "=", company.id),
            "|", ("product_id", "in", variants.ids),
            "&", ("product_id", "=", False), ("goal_id.product_id", "in", variants.ids),
        ]
        months = self._benefit_months_of(domain)
        if not months:
            return {"amount": False, "confirmed": False, "customers": 0, "records": 0, "since": False}
        shown = Domain(domain) & Domain([("counts", "=", True), ("date_to", ">=", months[0]["month"])])
        return {
            "amount": sum(month["gain"] for month in months),
            "confirmed": sum(month["confirmed"] for month in months),
            "customers": self._product_customers(records, shown, "partner_id"),
            "records": records.search_count(shown),
            "since": months[0]["month"],
        }

    @api.model
    def _product_counts(self, model, domain, parts):
        """Return {name: how many records} of parts of a model, or False where the user may not read it."""
        records = self.env[model]
        if not records.has_access("read"):
            return False
        return {name: records.search_count(domain & part) for name, part in parts.items()}
