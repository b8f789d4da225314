from odoo import fields, models
from odoo.tools import SQL

from ...engine.complaint import service


class CustomerValueRun(models.Model):
    """What a run means for complaints: nobody falls while one is open, and each shows what is at stake."""

    _inherit = "customer.value.run"

    def _lifecycle_held_sql(self):
        """Hold whoever waits for an answer: no rule moves them to something worse."""
        return SQL(
            "(%s OR lived.partner_id IN (%s))",
            super()._lifecycle_held_sql(),
            service.open_customers_sql(self.company_id.id, self.policy_id.tz, self.as_of),
        )

    def _finish(self, clock):
        """Bring what is at stake up to the values, unless those are of an earlier day."""
        if fields.Date.to_string(self.as_of) >= (self.lifecycle or {}).get("newest", ""):
            self.env["customer.complaint"]._refresh_stakes(self.company_id, self.cut_points)
        return super()._finish(clock)
