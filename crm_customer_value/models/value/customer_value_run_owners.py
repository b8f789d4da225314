from odoo import models
from odoo.tools import SQL

from ...engine.fact import owners


class CustomerValueRun(models.Model):
    """A run finds whose documents the amounts are made of."""

    _inherit = "customer.value.run"

    def _measures(self, scope):
        documents, imported = [], []
        for model, (domain, field) in self.env["customer.value"]._owned_documents().items():
            # sudo: a recompute is a matter of the system.
            records = self.env[model].sudo().with_context(active_test=False)
            query = records._search(domain)
            query.add_where(scope.mine(records._table))
            columns = [records._field_to_sql(records._table, name, query) for name in ("partner_id", field) if name]
            (documents if field else imported).append(query.select(*columns))
        return super()._measures(scope) | {
            "owners": owners.measure(scope, documents, SQL(" UNION ALL ").join(imported)),
        }
