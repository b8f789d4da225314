from odoo import api, models
from odoo.tools import SQL


class CustomerCareRule(models.Model):
    _inherit = "customer.care.rule"

    @api.model
    def _delivered_sql(self):
        """Go by the day on which the goods left, once that is known."""
        return SQL("COALESCE(o.effective_date, %s)", super()._delivered_sql())
