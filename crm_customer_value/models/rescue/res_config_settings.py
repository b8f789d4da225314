from odoo import api, fields, models

from ..base.number_fields import Float, Integer, Monetary


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
    rescue_longest_years = Integer(related="company_id.rescue_longest_years", readonly=False)
    rescue_rest_days = Integer(related="company_id.rescue_rest_days", readonly=False)
    rescue_price_rise = Float(related="company_id.rescue_price_rise", readonly=False)
    rescue_retention_months = Integer(related="company_id.rescue_retention_months", readonly=False)
    rescue_retention_text = fields.Char("Efforts Deleted Tonight", compute="_compute_rescue_retention_text")

    @api.depends("company_id", "rescue_retention_months")
    def _compute_rescue_retention_text(self):
        for settings in self:
            months = settings.rescue_retention_months
            if not months:
                settings.rescue_retention_text = self.env._("Everything is kept.")
                continue
            # sudo: a number only, for whoever may change settings.
            efforts = self.env["customer.rescue"].sudo()
            settings.rescue_retention_text = self.env._(
                "The next night deletes %s efforts.", efforts.search_count(settings.company_id._rescue_expired(months)),
            )
