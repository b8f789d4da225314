"""Who wants a suggestion, in money: what the customers behind it bought in the period that counts."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..base.number_fields import Monetary
from ..value.customer_value_mixin import SALES_GROUP

AMOUNT = "shown_revenue_12m"


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    currency_id = fields.Many2one(related="company_id.currency_id")
    # No sum over suggestions: a customer may be behind several of them.
    shown_supporters_revenue = Monetary(
        "Revenue of Supporters", compute="_compute_supporters_revenue", optional=True, groups=SALES_GROUP,
        aggregator=None,
        help="What the customers who proposed or support it bought in the period that counts, each customer once. "
        "Amounts that you may not see, or that are not known, are left out.",
    )
    supporters_revenue_note = fields.Char(
        compute="_compute_supporters_revenue", groups=SALES_GROUP, help="Whose revenue this is."
    )

    @api.depends("company_id", "commercial_partner_id", "support_ids.commercial_partner_id")
    @api.depends_context("uid", "lang")
    def _compute_supporters_revenue(self):
        """Add up what the user may see of each customer."""
        query = self._origin._as_query(ordered=False)
        amounts = {
            number: (amount if known else False, known, customers)
            for number, amount, known, customers in self.env.execute_query(query.select(
                SQL.identifier(self._table, "id"),
                self._supporters_revenue_sql(self._table, "SUM"),
                self._supporters_revenue_sql(self._table, "COUNT"),
                SQL("(SELECT COUNT(*) FROM %s AS behind)", self._supporters_sql(self._table)),
            ))
        }
        for suggestion in self:
            amount, known, customers = amounts.get(suggestion._origin.id, (False, 0, 0))
            suggestion.shown_supporters_revenue = amount
            suggestion.supporters_revenue_note = self.env._(
                "%(known)s of %(customers)s customers", known=known, customers=customers
            )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "shown_supporters_revenue":
            return self._supporters_revenue_sql(alias, "SUM")
        return super()._field_to_sql(alias, field_expr, query)

    def _supporters_sql(self, alias):
        """Return the SQL table of the customers behind the suggestion in ``alias``, each once."""
        supports = self.env["customer.suggestion.support"]
        suggestion, customer, supported, supporter = (
            SQL.identifier(table, name, to_flush=model._fields[name])
            for model, table, name in (
                (self, alias, "id"),
                (self, alias, "commercial_partner_id"),
                (supports, "support", "suggestion_id"),
                (supports, "support", "commercial_partner_id"),
            )
        )
        return SQL(
            "(SELECT %s WHERE %s IS NOT NULL UNION SELECT %s FROM customer_suggestion_support support WHERE %s = %s)",
            customer, customer, supporter, supported, suggestion,
        )

    def _supporters_revenue_sql(self, alias, aggregate):
        """Return the SQL of a sum (or count) over the revenue, as far as the user may see it.

        :param str aggregate: name of an SQL function
        """
        values = self.env["customer.value"]
        query = values._search([])
        query.add_where(SQL(
            "%s = %s AND %s IN %s",
            values._field_to_sql(values._table, "company_id", query),
            SQL.identifier(alias, "company_id", to_flush=self._fields["company_id"]),
            values._field_to_sql(values._table, "partner_id", query),
            self._supporters_sql(alias),
        ))
        amount = values._field_to_sql(values._table, AMOUNT, query)
        return SQL("(%s)", query.select(SQL("%s(%s)", SQL(aggregate), amount)))
