from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query, ormcache

from ..base.number_fields import Float

SALES_GROUP = "sales_team.group_sale_salesman"


class CustomerValueMixin(models.AbstractModel):
    """Gives records that belong to a customer that customer's value.

    The link is not stored anywhere: it is a join on the commercial partner and the company.
    A recompute therefore never writes, locks or conflicts with the records people edit, and
    a contact that moves to another company shows the right value at once.
    """

    _name = "customer.value.mixin"
    _inherit = ["customer.unknown.last.mixin"]
    _description = "Shows the Value of a Customer"

    # The fields below; a recompute makes what the cache knows of them old. Each class that adds some names its own.
    _customer_value_shown = (
        "customer_value_id",
        "value_index",
        "value_class",
        "lifecycle_stage_id",
        "lifecycle_health",
        "rfm_segment",
        "last_purchase_date",
        "revenue_trend",
        "is_silent",
        "cadence_ratio",
        "development_index",
        "churn_level",
        "value_matrix",
        "satisfaction_score",
        "loyalty_score",
    )

    customer_value_id = fields.Many2one(
        "customer.value",
        string="Value of the Customer",
        compute="_compute_customer_value_id",
        search="_search_customer_value_id",
        compute_sudo=True,
        groups=SALES_GROUP,
        help="Contacts show the value of the company they belong to.",
    )
    value_index = Float(related="customer_value_id.value_index", groups=SALES_GROUP, optional=True)
    value_class = fields.Selection(related="customer_value_id.value_class", groups=SALES_GROUP)
    lifecycle_stage_id = fields.Many2one(
        related="customer_value_id.lifecycle_stage_id", groups=SALES_GROUP
    )
    lifecycle_health = fields.Selection(
        related="customer_value_id.lifecycle_health", groups=SALES_GROUP
    )
    rfm_segment = fields.Selection(related="customer_value_id.rfm_segment", groups=SALES_GROUP)
    last_purchase_date = fields.Date(
        related="customer_value_id.last_purchase_date", groups=SALES_GROUP
    )
    revenue_trend = fields.Selection(related="customer_value_id.revenue_trend", groups=SALES_GROUP)
    is_silent = fields.Boolean(related="customer_value_id.is_silent", groups=SALES_GROUP)
    cadence_ratio = Float(related="customer_value_id.cadence_ratio", groups=SALES_GROUP, optional=True)
    development_index = Float(related="customer_value_id.development_index", groups=SALES_GROUP, optional=True)
    churn_level = fields.Selection(related="customer_value_id.churn_level", groups=SALES_GROUP)
    value_matrix = fields.Selection(related="customer_value_id.value_matrix", groups=SALES_GROUP)
    satisfaction_score = Float(related="customer_value_id.satisfaction_score", groups=SALES_GROUP, optional=True)
    loyalty_score = Float(related="customer_value_id.loyalty_score", groups=SALES_GROUP, optional=True)

    @api.model
    @ormcache()
    def _customer_value_shown_fields(self):
        """Return the fields that show something of the value, of all classes of this model."""
        return tuple(dict.fromkeys(
            name for cls in type(self).mro() for name in vars(cls).get("_customer_value_shown", ())
        ))

    @api.model
    def _customer_value_holders(self):
        """Return the names of the models that show the value of a customer."""
        return [name for name in self.pool.descendants([self._name], "_inherit") if not self.env[name]._abstract]

    def _customer_value_depends(self):
        """Return the fields of this model that say whose value it shows, and for which company."""
        names = [self._customer_value_partner_path()]
        return [*names, "company_id"] if "company_id" in self._fields else names

    def _customer_value_partner(self):
        """Return the commercial partner whose value this record shows (maybe empty)."""
        return self.partner_id.commercial_partner_id

    def _customer_value_company(self):
        """Return the company for which the value is shown."""
        return self.company_id or self.env.company

    def _customer_value_partner_path(self):
        """Return the path from this model to the commercial partner."""
        return "partner_id.commercial_partner_id"

    def _customer_value_company_domain(self, company):
        """Return the domain of the records that show values of ``company``."""
        companies = [company.id, False] if company == self.env.company else [company.id]
        return Domain("company_id", "in", companies)

    def _customer_value_company_sql(self, alias):
        """Return the SQL of the company's id, for the join."""
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(alias, "company_id", to_flush=self._fields["company_id"]),
            self.env.company.id,
        )

    @api.depends(lambda self: self._customer_value_depends())
    @api.depends_context("company")
    def _compute_customer_value_id(self):
        # A record that is being made has new partners in the cache of its form: _origin is the stored one.
        partners = {record: record._customer_value_partner()._origin for record in self}
        companies = {record: record._customer_value_company()._origin for record in self}
        found = self.env["customer.value"].search(
            Domain("partner_id", "in", [partner.id for partner in partners.values()])
            & Domain("company_id", "in", [company.id for company in companies.values()])
        )
        by_key = {(value.company_id, value.partner_id): value for value in found}
        for record in self:
            record.customer_value_id = by_key.get((companies[record], partners[record]))

    def _search_customer_value_id(self, operator, value):
        """Semi-join on the customers with such a value, company by company."""
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        # Search methods are called without a look at the groups of their field; and when one
        # raises, the ORM tries again as superuser. So it is the user who is asked, always.
        self.sudo(False)._check_field_access(self._fields["customer_value_id"], "read")
        without = False
        if isinstance(value, Domain):
            domain = value
        elif operator == "in" and not isinstance(value, (Query, SQL)):
            without = False in value
            domain = Domain("id", "in", [item for item in value if item])
        else:
            domain = Domain("id", "in", value)
        # A path that a user writes arrives as "any", and is searched with that user's rights or
        # it would tell amounts: also below fields like message_partner_ids, which are searched
        # as superuser.
        # sudo: "any!" is how the ORM asks on behalf of the related fields above, which it
        # computes as superuser too.
        values = self.env["customer.value"].sudo(operator == "any!")

        def holders(condition):
            return Domain.OR(
                self._customer_value_company_domain(company)
                & Domain(
                    self._customer_value_partner_path(),
                    "in",
                    values._search(
                        condition & Domain("company_id", "=", company.id), order="id"
                    ).subselect("partner_id"),
                )
                for company in self.env.companies
            )

        found = holders(domain)
        return found | ~holders(Domain.TRUE) if without else found

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the value by customer and company, so that its fields sort and group here."""
        if field_expr in self._customer_value_shown_fields():
            # The ORM follows related fields as superuser without a look at their groups.
            self._check_field_access(self._fields[field_expr], "read")
        if field_expr != "customer_value_id" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        partner = self._field_to_sql_path(alias, self._customer_value_partner_path(), query)
        values = self.env["customer.value"]
        values.flush_model(["company_id", "partner_id"])
        coalias = query.make_alias(alias, "customer_value")
        query.add_join(
            "LEFT JOIN",
            coalias,
            values._table,
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(coalias, "partner_id"),
                partner,
                SQL.identifier(coalias, "company_id"),
                self._customer_value_company_sql(alias),
            ),
        )
        return SQL.identifier(coalias, "id")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort whoever never bought last, so that "highest index first" starts with the highest."""
        if field_name in self._customer_value_shown_fields() and not nulls:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _field_to_sql_path(self, alias, path, query):
        """Return the SQL of a path of stored many2one fields, joining what it passes."""
        model = self
        *steps, last = path.split(".")
        for step in steps:
            model, alias = model._fields[step].join(model, alias, query)
        return model._field_to_sql(alias, last, query)
