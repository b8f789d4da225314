from odoo import models


class CustomerLifecycleTransition(models.Model):
    _inherit = "customer.lifecycle.transition"

    # Care rules ask every night who entered a stage on some days.
    _care_idx = models.Index("(company_id, date)")
