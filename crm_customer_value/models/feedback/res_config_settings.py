from odoo import models

from ..base.number_fields import Integer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    feedback_pause_days = Integer(related="company_id.feedback_pause_days", readonly=False)
