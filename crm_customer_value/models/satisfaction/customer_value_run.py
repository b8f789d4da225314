from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.complaint import service
from ...engine.contact import cost
from ...engine.value.recompute import Step


class CustomerValueRun(models.Model):
    """What a run means for complaints: nobody falls while one is open, and each shows what is at stake."""

    _inherit = "customer.value.run"

    phase = fields.Selection(selection_add=[("stakes", "Updating complaints")])

    def _measures(self, scope):
        """Know what customers said (complaints, ratings, adopted suggestions), and what contacts with them cost."""
        # sudo: what an hour costs is for managers to read, and for every run to count with.
        hour_cost = self.company_id.sudo().complaint_hour_cost
        return super()._measures(scope) | {
            "complaints": service.measure(scope, hour_cost), "contacts": cost.measure(scope),
        }

    @api.model
    def _called_documents(self):
        return [*super()._called_documents(), "customer.complaint"]

    def _holds(self):
        """Hold whoever waits for an answer."""
        waiting = service.open_customers_sql(self._scope(ids=()))
        return [*super()._holds(), SQL("lived.partner_id IN (%s)", waiting)]

    def _steps(self):
        """Bring what is at stake up to the values, unless those are of an earlier day."""
        steps = super()._steps()
        if fields.Date.to_string(self.as_of) >= (self.lifecycle or {}).get("newest", ""):
            steps.append(Step("stakes", self._refresh_stakes, tables=False))
        return steps

    def _refresh_stakes(self, _recompute, _batch):
        self.env["customer.complaint"]._refresh_stakes(self.company_id, self.cut_points)
