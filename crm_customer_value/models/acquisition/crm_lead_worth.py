"""What a lead is worth: of a customer their own value, of anybody else that of customers alike; and by probability."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.number_fields import Monetary
from ..value.customer_value_mixin import SALES_GROUP

WORTH = ("shown_expected_value", "shown_expected_worth")


class CrmLead(models.Model):
    """Not stored: what the user may not see of a customer is not known in any order, sum or filter."""

    _inherit = "crm.lead"

    shown_expected_value = Monetary(
        "Expected Customer Value", compute="_compute_shown_expected_value", currency_field="company_currency",
        search="_search_shown_expected_value", optional=True, groups=SALES_GROUP, aggregator="avg", exportable=False,
        help="Of a customer: what we expect in the next 12 months. Of anybody else: what customers alike brought in "
        "their first year. Empty: not known, or not for you to see.",
    )
    shown_expected_worth = Monetary(
        "Value × Probability", compute="_compute_shown_expected_value", currency_field="company_currency",
        search="_search_shown_expected_worth", optional=True, groups=SALES_GROUP, aggregator="sum", exportable=False,
        help="Expected customer value times the probability of the opportunity.",
    )
    is_customer_already = fields.Boolean(
        "Customer Already", compute="_compute_shown_expected_value", groups=SALES_GROUP,
        help="Has bought before: the value of the customer counts instead.",
    )

    @api.depends("estimated_value", "probability", "customer_value_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_shown_expected_value(self):
        for lead in self:
            value = lead.customer_value_id
            lead.is_customer_already = bool(value.first_purchase_date)
            found = value.shown_clv_12m if lead.is_customer_already else lead.estimated_value
            lead.shown_expected_value = found
            lead.shown_expected_worth = False if found is False else found * lead.probability / 100

    def _search_shown_expected_value(self, operator, value):
        return self._customer_search_worth("shown_expected_value", operator, value)

    def _search_shown_expected_worth(self, operator, value):
        return self._customer_search_worth("shown_expected_worth", operator, value)

    @api.model
    def _customer_search_worth(self, name, operator, value):
        """Compare like a stored field; what is not known is in no comparison with a number."""
        field = self._fields[name]
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s, FALSE)", field._condition_to_sql(name, operator, value, model, alias, query)
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in WORTH or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # Joins the value of the customer, whose alias follows from ours.
        self._field_to_sql(alias, "customer_value_id", query)
        values = self.env["customer.value"]
        joined = query.make_alias(alias, "customer_value")
        worth = SQL(
            "CASE WHEN %s IS NOT NULL THEN %s ELSE %s END",
            values._field_to_sql(joined, "first_purchase_date", query),
            values._field_to_sql(joined, "shown_clv_12m", query),
            super()._field_to_sql(alias, "estimated_value", query),
        )
        if field_expr == "shown_expected_value":
            return worth
        return SQL("%s * %s / 100.0", worth, super()._field_to_sql(alias, "probability", query))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in WORTH and not nulls:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
