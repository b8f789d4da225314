from odoo import fields, models

from ..base.number_fields import Integer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    offer_active = fields.Boolean(related="company_id.offer_active", readonly=False)
    offer_least_in_common = Integer(related="company_id.offer_least_in_common", readonly=False)
    offer_rest_refused = Integer(related="company_id.offer_rest_refused", readonly=False)
    offer_rest_later = Integer(related="company_id.offer_rest_later", readonly=False)
    offer_rest_offered = Integer(related="company_id.offer_rest_offered", readonly=False)
