from odoo import models

from ..base.number_fields import Integer


class ResCompany(models.Model):
    _inherit = "res.company"

    feedback_pause_days = Integer(
        "Days Between Questions", default=30,
        help="A contact who was asked for feedback is not asked again for this number of days, by no rule.",
    )

    _feedback_pause_days_range = models.Constraint(
        "CHECK (feedback_pause_days BETWEEN 1 AND 365)", "Leave 1 to 365 days between two questions to a contact."
    )
