from odoo import models

from ..base.number_fields import Float, Integer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    word_promoter_reach = Integer(related="company_id.word_promoter_reach", readonly=False)
    word_detractor_reach = Integer(related="company_id.word_detractor_reach", readonly=False)
    word_conversion = Float(related="company_id.word_conversion", readonly=False, optional=True)
