from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Care rules ask every night what is delivered on some days.
    _care_delivery_idx = models.Index(
        "(company_id, commitment_date) WHERE state = 'sale' AND commitment_date IS NOT NULL"
    )
