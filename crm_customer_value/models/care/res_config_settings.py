from odoo import models

from ..base.number_fields import Float


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_held_out = Float(related="company_id.care_held_out", readonly=False)
    care_hour_from = Float(related="company_id.care_hour_from", readonly=False)
    care_hour_to = Float(related="company_id.care_hour_to", readonly=False)
