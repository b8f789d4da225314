from odoo import models
from odoo.tools import SQL

from ...engine.fact import owners
from ...engine.value import pipeline

# Above every partner id.
LARGEST_ID = 2**31 - 1


class CustomerValueRun(models.Model):
    """A run finds whose documents the amounts are made of."""

    _inherit = "customer.value.run"

    def _measures(self, scope):
        owned = owners.kept(scope) if scope.owners else self._owners_measure(scope)
        return super()._measures(scope) | {"owners": owned}

    def _owners_measure(self, scope):
        """Return the Measure that asks the documents of the customers of a scope."""
        documents, imported = [], []
        for model, (domain, field) in self.env["customer.value"]._owned_documents().items():
            # sudo: a recompute is a matter of the system.
            records = self.env[model].sudo().with_context(active_test=False)
            query = records._search(domain)
            query.add_where(scope.mine(records._table))
            columns = [records._field_to_sql(records._table, name, query) for name in ("partner_id", field) if name]
            (documents if field else imported).append(query.select(*columns))
        return owners.measure(scope, documents, SQL(" UNION ALL ").join(imported))

    def _keep_owners(self, recompute):
        """Ask the documents of everybody once, before the first batch."""
        with pipeline.planned(self.env.cr, bulk=True):
            owners.keep(
                self.env.cr, recompute.owners, self._owners_measure(self._scope(after=0, upto=LARGEST_ID)),
                temporary=recompute.temporary,
            )
