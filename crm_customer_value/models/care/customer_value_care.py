from odoo import models


class CustomerValue(models.Model):
    _inherit = "customer.value"

    # Care rules ask every night whose first purchase was on these days of earlier years.
    _care_first_idx = models.Index("(company_id, first_purchase_date)")
