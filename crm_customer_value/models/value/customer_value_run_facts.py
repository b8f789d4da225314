from odoo import api, models

from ...engine.fact import documents, payments
from ...engine.fact.measures import Measure


class CustomerValueRun(models.Model):
    """What a run reads: the doors for purchases of another kind, and for what else is known of customers."""

    _inherit = "customer.value.run"

    def _purchase_sources(self, scope):
        """Return what counts as purchases: {model: SQL of its documents}.

        Each query has the columns of ``engine.fact.facts.SOURCE_COLUMNS``. An addon adds a source with
        ``super()._purchase_sources(scope) | {"some.model": SQL(...)}``, or changes one by a query around it. The
        model inherits ``customer.value.source``; ``customer.value.purchase._document_kinds`` gives it a name.

        :param FactScope scope: which documents to read, and pieces of SQL for the query
        """
        if scope.source == "invoice":
            return {"account.move": documents.invoices_sql(scope)}
        return {"sale.order": documents.orders_sql(scope)}

    def _measures(self, scope):
        """Return what is known of customers beside their purchases: {name: Measure}.

        The columns of a measure are columns of the working table, which scores are made of. The models that its
        query reads inherit ``customer.value.source``, or are named in :meth:`_value_also_reads`.

        :param FactScope scope: which customers to read of, and pieces of SQL for the query
        """
        return {
            "payments": Measure(
                {"amount_due": "numeric", "amount_on_time": "numeric", "amounts_due": "integer"},
                payments.payments_sql(scope),
                prospects=False,
            ),
            "credits": Measure(
                {"amount_credited": "numeric", "margin_credited": "numeric", "margin_credited_before": "numeric"},
                documents.credits_sql(scope),
                prospects=False,
            ),
        }

    def _prospects(self, scope):
        """Return who is to be known without a purchase, beside those with open quotations and opportunities.

        Extension point: a list of queries with the column ``partner_id`` (contacts). The models that they read inherit
        ``customer.value.source``.

        :param FactScope scope: which customers to read of, and pieces of SQL for the query
        """
        return []

    def _part_rules(self):
        """Return what the parts of the value index go by beside the row of the customer: {name of a part: its rules}.

        A part whose score, or a further column of it, is a function finds them in ``Compared.rules``.
        """
        return {}

    @api.model
    def _value_also_reads(self):
        """Return the fields that the SQL reads of models which mark nobody: {model: {field: why}}."""
        nightly = "changes for everybody, and often: the nightly recompute finds it"
        anew = "a change has everybody computed anew"
        return {
            "account.account": {"account_type": anew},
            "product.product": {"standard_price": nightly, "product_tmpl_id": "never changes"},
            "product.template": {"uom_id": anew},
            "res.company": {"currency_exchange_journal_id": "partials name their exchange entries too"},
            "res.currency.rate": {"currency_id": nightly, "company_id": nightly},
            "uom.uom": {"factor": anew},
        }

    @api.model
    def _fields_read(self):
        """Return everything that the SQL of a recompute reads: {model: field names}."""
        read = {model: set(names) for model, names in self._value_also_reads().items()}
        for model in self.pool.descendants(["customer.value.source"], "_inherit"):
            if not self.env[model]._abstract:
                read.setdefault(model, set()).update(self.env[model]._value_fields("_value_reads", "_value_silent"))
        return read

    @api.model
    def _scope_of_today(self, company):
        """Return what counts today for a company, by its policy, of nobody yet: the caller says of whom."""
        policy = self.env["customer.value.policy"]._get_active(company)
        # sudo: runs are read by managers; this one only says what counts today.
        run = self.sudo().new({"company_id": company.id, "policy_id": policy.id, "as_of": self._today(policy)})
        return run._scope(ids=())
