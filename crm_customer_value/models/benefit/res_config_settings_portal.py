from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    benefit_portal = fields.Boolean(related="company_id.benefit_portal", readonly=False)
