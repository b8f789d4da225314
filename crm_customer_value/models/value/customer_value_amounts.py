from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.fact import owners
from ..base.number_fields import Float, Monetary
from .customer_value import AMOUNT_GROUP, AMOUNTS, RATES


def shown(name, kind=Monetary, aggregator="sum", **attributes):
    """Return what a field that shows an amount needs to be sorted, summed, grouped and searched by.

    :param attributes: of the field, where this is its only declaration
    """
    def search(values, operator, value):
        return values._search_shown_amount(name, operator, value)

    return kind(search=search, aggregator=aggregator, **attributes)


class CustomerValue(models.Model):
    """Which amounts a user may see of a customer, and sort, sum, group and filter by.

    Amounts follow the documents they are sums of, as Odoo's own rules for salespeople do, and not the
    salesperson of the contact, which a salesperson may change. The database decides row by row: an amount
    that the user may not see is unknown in every order, sum, group and filter.
    """

    _inherit = "customer.value"

    document_owner = fields.Selection(
        [(owners.NOBODY, "Nobody"), (owners.ONE, "One salesperson"), (owners.SEVERAL, "Several salespeople")],
        "Documents Belong To",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Whose orders and invoices the amounts are made of. Empty: not computed yet.",
    )
    document_user_id = fields.Many2one(
        "res.users", "Salesperson of All Documents", readonly=True, groups=AMOUNT_GROUP, index=False,
        help="Set if all orders and invoices of the customer that name a salesperson name this one.",
    )
    has_imported_purchases = fields.Boolean(
        readonly=True, groups=AMOUNT_GROUP, help="Imported purchases belong to the salesperson of the customer."
    )
    _owner_unknown_idx = models.Index("(partner_id) WHERE document_owner IS NULL")

    amounts_visible = fields.Boolean(
        search="_search_amounts_visible",
        help="Whether you may see the amounts of this customer: no document behind them belongs to a colleague.",
    )
    shown_revenue_total = shown("shown_revenue_total")
    shown_margin_total = shown("shown_margin_total")
    shown_revenue_12m = shown("shown_revenue_12m")
    shown_margin_12m = shown("shown_margin_12m")
    shown_revenue_previous_12m = shown("shown_revenue_previous_12m")
    shown_clv_12m = shown("shown_clv_12m")
    shown_value_at_risk = shown("shown_value_at_risk")
    shown_cost_to_serve = shown("shown_cost_to_serve")
    shown_lifetime_history = shown("shown_lifetime_history")
    shown_lifetime_potential = shown("shown_lifetime_potential")
    shown_lifetime_value = shown("shown_lifetime_value")
    shown_net_contribution_12m = shown("shown_net_contribution_12m")
    shown_net_contribution_previous_12m = shown("shown_net_contribution_previous_12m")
    shown_margin_rate_12m = shown("shown_margin_rate_12m", Float, "avg")
    shown_margin_rate_previous_12m = shown("shown_margin_rate_previous_12m", Float, "avg")

    @api.model
    def _amount_fields(self):
        """Return the fields that hold amounts, or tell as much, and are shown where the user may see amounts.

        Extension point: each has the group of amounts, and a twin ``shown_…`` for everybody.
        """
        return (*AMOUNTS, *RATES)

    @api.model
    def _shown_fields(self):
        """Return {twin that everybody may read: field of the amount}."""
        return {f"shown_{name}": name for name in self._amount_fields()}

    @api.depends_context("uid")
    @api.depends(lambda self: self._amount_fields())
    def _compute_shown_amounts(self):
        visible = self
        if not self.env.su and not self._sees_all_amounts():
            visible = self.browse(self._search([("id", "in", self.ids), ("amounts_visible", "=", True)]))
        for value in self:
            value.amounts_visible = value in visible
            # sudo: whether the user may see these amounts was decided above.
            amounts = value.sudo()
            for shown_name, name in self._shown_fields().items():
                value[shown_name] = amounts[name] if value.amounts_visible else False

    def _search_amounts_visible(self, operator, value):
        if operator != "in":
            return NotImplemented
        if self._sees_all_amounts():
            return Domain(True in value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._amounts_visible_sql(alias), tuple(map(bool, value))
            )
        )

    def _search_shown_amount(self, name, operator, value):
        """Compare like a stored field; what the user may not see is not known."""
        field = self._fields[name]
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s, FALSE)", field._condition_to_sql(name, operator, value, model, alias, query)
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "amounts_visible":
            return self._amounts_visible_sql(alias)
        shown_fields = self._shown_fields()
        if field_expr not in shown_fields:
            return super()._field_to_sql(alias, field_expr, query)
        # sudo: the condition decides, row by row, which amounts the user may see.
        amount = self.sudo()._field_to_sql(alias, shown_fields[field_expr], query)
        if self._sees_all_amounts():
            return amount
        return SQL("CASE WHEN %s THEN %s END", self._amounts_visible_sql(alias), amount)

    @api.model
    def _sees_all_amounts(self):
        """Tell whether the user may see the amounts of everybody.

        It is the user who is asked, also where the program searches as superuser on behalf of somebody.
        """
        return self.env.uid == SUPERUSER_ID or self.env.user.has_group(AMOUNT_GROUP)

    @api.model
    def _owned_documents(self):
        """Return which documents stand behind amounts, {model: (which of them, the field of their salesperson)}.

        Without a field, they belong to whoever is the customer's salesperson at the moment.
        """
        return {
            # As their record rule says.
            "customer.purchase.history": (Domain.TRUE, None),
            "sale.order": (Domain("state", "=", "sale"), "user_id"),
            "account.move": (
                Domain([("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))]),
                "invoice_user_id",
            ),
        }

    @api.model
    def _forget_owners(self, company, partner_ids):
        """Have the documents of some customers asked, until a recompute writes again whose they are.

        :param partner_ids: ids of contacts, of whose customers
        """
        # sudo: whoever changes a document, or lets the system recompute, need not read values.
        values = self.sudo().search([
            ("company_id", "=", company.id),
            ("partner_id", "parent_of", list(partner_ids)),
        ])
        values.flush_recordset(["document_owner"])
        self.env.cr.execute(SQL(
            "UPDATE customer_value SET document_owner = NULL WHERE id = ANY(%s) AND document_owner IS NOT NULL",
            values.ids,
        ))
        values.invalidate_recordset(["document_owner", "amounts_visible", *self._shown_fields()], flush=False)

    @api.model
    def _documents_of_others(self):
        """Return what stands behind amounts and belongs to a colleague, as a list of models and domains."""
        mine = [False, self.env.uid]
        return [
            (model, domain & Domain(field or "partner_id.commercial_partner_id.user_id", "not in", mine))
            for model, (domain, field) in self._owned_documents().items()
        ]

    def _amounts_visible_sql(self, alias):
        """Return the SQL condition: the user may see the amounts of the customer in ``alias``.

        A recompute writes, with the amounts, whose documents they were made of. Where something has changed since
        then, or that was never written, the documents themselves are asked.
        """
        if self._sees_all_amounts():
            return SQL("TRUE")
        column = {
            name: SQL.identifier(alias, name, to_flush=self._fields[name])
            for name in ("partner_id", "company_id", "user_id", *owners.COLUMNS)
        }
        asked = SQL(
            "%s UNION ALL SELECT partner_id FROM customer_value WHERE document_owner IS NULL",
            self.env["customer.value.mark"]._marked_sql(), to_flush=self._fields["document_owner"],
        )
        return SQL(
            """CASE WHEN %(owner)s IS NULL OR %(customer)s IN (%(asked)s)
                    THEN ((%(customer)s, %(company)s) IN (%(others)s)) IS NOT TRUE
                    ELSE (%(owner)s = %(nobody)s OR (%(owner)s = %(one)s AND %(user)s = %(uid)s) IS TRUE)
                         AND (%(imported)s AND %(salesperson)s <> %(uid)s) IS NOT TRUE END""",
            customer=column["partner_id"], company=column["company_id"], salesperson=column["user_id"],
            owner=column["document_owner"], user=column["document_user_id"], imported=column["has_imported_purchases"],
            nobody=owners.NOBODY, one=owners.ONE, uid=self.env.uid,
            asked=asked, others=self._customers_of_others_sql(asked),
        )

    @api.model
    def _customers_of_others_sql(self, customers):
        """Return the SQL of those of some customers behind whom stand documents of others, with the company of these.

        :param SQL customers: ids of commercial partners
        """
        found = []
        for model, domain in self._documents_of_others():
            # sudo: the question is about documents that the user may not read.
            documents = self.env[model].sudo()
            query = documents._search(domain)
            contacts, contact = documents._fields["partner_id"].join(documents, documents._table, query)
            customer = contacts._field_to_sql(contact, "commercial_partner_id", query)
            query.add_where(SQL("%s IN (%s)", customer, customers))
            found.append(query.select(customer, documents._field_to_sql(documents._table, "company_id", query)))
        return SQL(" UNION ALL ").join(found)

    @api.model
    def _customers_of_others(self, companies, partners):
        """Return the (company, customer) pairs whose amounts the user may not see, with or without a value."""
        # sudo: the question is about customers whose documents the user may not read.
        values = self.sudo()
        query = values._search([("company_id", "in", companies.ids), ("partner_id", "in", partners.ids)])
        shown = {
            (company, partner): visible
            for company, partner, visible in self.env.execute_query(query.select(*(
                values._field_to_sql(values._table, name, query)
                for name in ("company_id", "partner_id", "amounts_visible")
            )))
        }
        without = [
            partner for partner in partners.ids
            if any((company, partner) not in shown for company in companies.ids)
        ]
        if without and not self._sees_all_amounts():
            for partner, company in self.env.execute_query(
                self._customers_of_others_sql(SQL("SELECT UNNEST(%s)", without))
            ):
                shown.setdefault((company, partner), False)
        return {
            (company, partner)
            for company in companies for partner in partners if not shown.get((company.id, partner.id), True)
        }
