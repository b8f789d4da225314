from odoo import models
from odoo.fields import Domain


class CustomerBenefitMetric(models.Model):
    """A metric that changes, changes the values of all customers who are measured by it."""

    _name = "customer.benefit.metric"
    _inherit = ["customer.benefit.metric", "customer.value.source"]

    _value_reads = frozenset(("period", "weight"))
    # Gains are computed from these.
    _value_marks = frozenset(("money_per_unit", "currency_id", "direction", "unit", "typical_min", "typical_max"))
    # A new metric has no records, and one that has some is not deleted.
    _value_events = frozenset(("write",))

    def _value_customers(self):
        for model in ("customer.benefit.record", "customer.benefit.goal"):
            # sudo: whose values change does not depend on who changes the metric.
            for company, partners in self.env[model].sudo().with_context(active_test=False)._read_group(
                Domain("metric_id", "in", self.ids), ["company_id"], ["commercial_partner_id:recordset"]
            ):
                yield partners, company
