from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Nobody brought themselves: who did becomes one contact with whom they brought."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        # sudo: whoever merges contacts may change them.
        remaining = self.env["res.partner"].browse(partner_ids).exists().sudo()
        remaining.filtered(lambda partner: partner.referred_by_id == partner).referred_by_id = False
        return result

    @api.model
    def _models_of_customers(self):
        return [
            *super()._models_of_customers(),
            "customer.contact.log", "customer.contact.note", "customer.life.event", "customer.feedback",
        ]

    def _update_values(self, src_partners, dst_partner):
        """Take a birthday as a whole: the day of one and the year of another are nobody's birthday."""
        # sudo: whoever merges contacts may change them.
        going, stays = src_partners.sudo(), dst_partner.sudo()
        # Whose day and month are taken: Odoo prefers who stays, then the last of those who go.
        born = next((partner for partner in (stays, *reversed(going)) if partner.birthday_month), stays)
        for partner in going - born:
            if born.birthday_year or any(partner[name] != born[name] for name in ("birthday_day", "birthday_month")):
                partner.birthday_year = False
        return super()._update_values(src_partners, dst_partner)
