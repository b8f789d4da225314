from odoo import api, fields, models

from ..base.number_fields import Integer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    benefit_retention_months = Integer(related="company_id.benefit_retention_months", readonly=False)
    benefit_retention_text = fields.Char("What Is Deleted Tonight", compute="_compute_benefit_retention_text")

    @api.depends("company_id", "benefit_retention_months")
    def _compute_benefit_retention_text(self):
        for settings in self:
            if not settings.benefit_retention_months:
                settings.benefit_retention_text = self.env._("Everything is kept.")
                continue
            expired = settings.company_id._benefit_expired(settings.benefit_retention_months)
            # sudo: numbers only, for whoever may change settings.
            records, goals, needs = (
                self.env[model].sudo().with_context(active_test=False).search_count(domain)
                for model, domain in expired.items()
            )
            settings.benefit_retention_text = self.env._(
                "The next night deletes %(records)s measurements, %(goals)s archived goals and %(needs)s needs.",
                records=records, goals=goals, needs=needs,
            )
