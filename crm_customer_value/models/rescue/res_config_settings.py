from odoo import fields, models

from ..base.number_fields import Float, Monetary


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rescue_currency_id = fields.Many2one(
        "res.currency", "Currency of Costs", related="company_id.currency_id"
    )
    rescue_keep_cost = Monetary(
        related="company_id.rescue_keep_cost", readonly=False, currency_field="rescue_currency_id"
    )
    rescue_win_back_cost = Monetary(
        related="company_id.rescue_win_back_cost", readonly=False, currency_field="rescue_currency_id"
    )
    rescue_win_back_chance = Float(related="company_id.rescue_win_back_chance", readonly=False)
