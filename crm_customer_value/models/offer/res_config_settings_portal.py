from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    offer_portal = fields.Boolean(related="company_id.offer_portal", readonly=False)
