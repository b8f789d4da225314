from odoo import models


class CustomerBenefitRecord(models.Model):
    """Records are read by the million for values, customer by customer: their indexes hold all that is read."""

    _inherit = "customer.benefit.record"

    _customer_idx = models.Index(
        "(company_id, commercial_partner_id, date_to) INCLUDE (date_from, metric_id, state, gain) WHERE counts"
    )
    _goal_idx = models.Index("(goal_id, date_to DESC, id DESC) INCLUDE (value) WHERE counts AND goal_id IS NOT NULL")
