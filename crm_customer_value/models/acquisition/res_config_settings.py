from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    referral_asked = fields.Boolean(related="company_id.referral_asked", readonly=False)
