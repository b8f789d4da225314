from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.fact import facts
from ..base.number_fields import Monetary


class CustomerValuePurchase(models.Model):
    """A document that counts for the value of a customer: what revenue, margin and purchases are made of.

    Nothing is stored: the rows are the facts of a recompute, read from the documents at the moment, as far as the
    user may read these. They are looked up customer by customer, so that the list of one customer is as fast
    in a company of a million.
    """

    _name = "customer.value.purchase"
    _inherit = ["customer.unknown.last.mixin"]
    _description = "Purchase That Counts"
    _auto = False
    _order = "date desc, id desc"

    value_id = fields.Many2one("customer.value", string="Value of the Customer", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True, help="The day in the time zone of the company.")
    name = fields.Char("Number", readonly=True)
    kind = fields.Selection(
        [
            ("order", "Sales Order"),
            ("invoice", "Invoice"),
            ("credit", "Credit Note"),
            ("import", "Imported Purchase"),
            ("other", "Other Purchase"),
        ],
        readonly=True,
    )
    period = fields.Selection(
        [("current", "In the period"), ("previous", "Period before"), ("older", "Older")],
        readonly=True,
        help="The period that counts ends today. It has 365 days, unless the value policy says otherwise.",
    )
    is_purchase = fields.Boolean(
        "Purchase",
        readonly=True,
        help="Credit notes and amounts of zero or less do not count as purchases, but they count for revenue.",
    )
    revenue = Monetary(readonly=True, help="Untaxed, in the currency of the company.")
    margin = Monetary(readonly=True, optional=True, help="Empty: not known.")

    @property
    def _table_query(self):
        self.env["customer.value.run"]._flush_facts()
        models = self._document_models()
        return SQL(" UNION ALL ").join(self._purchases_of(company, models) for company in self.env.companies)

    @api.model
    def _document_kinds(self):
        """Return which kind of purchase documents are: {model: (kind, kind of those that take back a purchase)}."""
        return {
            "sale.order": ("order", "order"),
            "account.move": ("invoice", "credit"),
            "customer.purchase.history": ("import", "import"),
        }

    @api.model
    def _document_models(self):
        """Return the models of everything that may be a purchase, by whichever policy: see :meth:`_number`."""
        scope = self.env["customer.value.run"]._scope_of_today(self.env.company)
        sources = dict(self.env["customer.value.policy"]._fields["revenue_source"].selection)
        return sorted({model for source in sources for model in scope.sources(scope._replace(source=source))})

    @api.model
    def _purchases_of(self, company, models):
        """Return the SQL of the purchases of all customers of a company that the user may read.

        :param models: those of :meth:`_document_models`
        """
        scope = self.env["customer.value.run"]._scope_of_today(company)._replace(
            partners=lambda customer: SQL("%s = holder.partner_id", customer),
            contacts=SQL("ARRAY(SELECT member.id FROM res_partner member"
                         " WHERE member.commercial_partner_id = holder.partner_id)"),
        )
        return SQL(
            """SELECT fact.document_id::bigint * %(models)s + %(place)s AS id,
                      holder.id AS value_id, holder.partner_id, holder.company_id, fact.day AS date, fact.name,
                      CASE %(kinds)s ELSE 'other' END AS kind,
                      CASE WHEN fact.day >= %(start)s THEN 'current'
                           WHEN fact.day >= %(start)s - %(days)s THEN 'previous' ELSE 'older' END AS period,
                      NOT fact.credit AND fact.revenue > 0 AS is_purchase, fact.revenue, fact.margin
                 FROM customer_value holder
                 CROSS JOIN LATERAL (%(documents)s) fact
                WHERE holder.company_id = %(company)s AND NOT fact.unrated AND NOT fact.unreal AND %(readable)s""",
            models=len(models),
            place=SQL("ARRAY_POSITION(%s::text[], fact.model) - 1", models),
            kinds=SQL(" ").join(
                SQL("WHEN fact.model = %s THEN CASE WHEN fact.credit THEN %s ELSE %s END", model, credit, kind)
                for model, (kind, credit) in self._document_kinds().items()
            ),
            start=scope.window_start,
            days=scope.window_days,
            documents=facts.documents_sql(scope),
            company=company.id,
            readable=self._readable_sql(models),
        )

    @api.model
    def _readable_sql(self, models):
        """Return the SQL condition: the user may read the document, which is of one of some models."""
        readable = [SQL("FALSE")]
        for model in models:
            documents = self.env[model]
            if documents.has_access("read"):
                query = documents._search(Domain.TRUE)
                query.add_where(SQL("%s = fact.document_id", SQL.identifier(documents._table, "id")))
                readable.append(SQL("fact.model = %s AND EXISTS (%s)", model, query.select(SQL("1"))))
        return SQL("(%s)", SQL(" OR ").join(readable))

    @api.model
    def _number(self, document):
        """Return the number under which a document is a purchase: unique among documents of all kinds."""
        models = self._document_models()
        return document.id * len(models) + models.index(document._name)

    @api.model
    def _documents(self, numbers):
        """Return the documents that are the purchases of some numbers, as one recordset for each kind."""
        models = self._document_models()
        found = [[] for _model in models]
        for number in filter(None, numbers):
            identifier, place = divmod(number, len(models))
            found[place].append(identifier)
        return [self.env[model].browse(ids) for model, ids in zip(models, found, strict=True) if ids]

    def _search(self, domain, *args, **kwargs):
        """Look purchases up by their customers also where they are known by their numbers."""
        return super()._search(Domain(domain).map_conditions(self._with_customers), *args, **kwargs)

    @api.model
    def _with_customers(self, condition):
        """Add whose the purchases are to a condition on their numbers: PostgreSQL cannot tell."""
        if condition.field_expr != "id" or condition.operator not in ("=", "in"):
            return condition
        numbers = [condition.value] if condition.operator == "=" else condition.value
        customers = self.env["res.partner"]
        for documents in self._documents(numbers):
            # sudo: only whose documents these are; which of them the user may read is decided row by row.
            for contacts, _company in documents.sudo().exists()._value_customers():
                customers |= contacts.commercial_partner_id
        return condition & Domain("partner_id", "in", customers.ids)

    def action_open_document(self):
        """Open the order, invoice or imported purchase."""
        self.ensure_one()
        self.check_access("read")
        [document] = self._documents(self.ids)
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
