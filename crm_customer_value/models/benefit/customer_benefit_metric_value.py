from odoo import models
from odoo.tools import SQL

# What gains and scores are made of.
COUNTED = frozenset((
    "money_per_unit", "currency_id", "direction", "period", "weight", "unit", "typical_min", "typical_max",
))


class CustomerBenefitMetric(models.Model):
    """A metric that changes, changes the values of all customers who are measured by it."""

    _inherit = "customer.benefit.metric"

    def write(self, vals):
        result = super().write(vals)
        if COUNTED & vals.keys():
            self._mark_customers()
        return result

    def _mark_customers(self):
        """Have the values of all customers with records, or goals, of these metrics computed anew."""
        if not self.ids:
            return
        known = []
        for model in ("customer.benefit.record", "customer.benefit.goal"):
            self.env[model].flush_model(["metric_id", "commercial_partner_id", "company_id"])
            known.append(SQL(
                "SELECT commercial_partner_id, company_id FROM %s WHERE metric_id = ANY(%s)",
                SQL.identifier(self.env[model]._table), self.ids,
            ))
        self.env["customer.value.mark"]._mark_found(SQL(" UNION ").join(known))
