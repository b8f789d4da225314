from odoo import fields, models
from odoo.tools import SQL

from ...engine.value import pipeline
from ...engine.value.recompute import Step


class CustomerValueRun(models.Model):
    """A run places customers in care levels, once their values and stages are known."""

    _inherit = "customer.value.run"

    phase = fields.Selection(selection_add=[("levels", "Placing in care levels")])

    def _steps(self):
        """Place customers, unless the values are of an earlier day."""
        steps = super()._steps()
        if fields.Date.to_string(self.as_of) >= (self.lifecycle or {}).get("newest", ""):
            steps.append(Step("levels", self._place_in_levels, tables=False))
        return steps

    def _place_in_levels(self, recompute, _batch):
        customers = SQL("TRUE")
        if not recompute.bulk:
            customers = SQL("v.partner_id = ANY(%s)", sorted(recompute.ids))
        with pipeline.planned(self.env.cr, bulk=recompute.bulk):
            self.env["customer.care.level"]._place(self.company_id, customers, self.as_of)
