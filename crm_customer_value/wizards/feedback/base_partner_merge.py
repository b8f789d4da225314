from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _models_of_customers(self):
        return [
            *super()._models_of_customers(),
            "customer.contact.note", "customer.life.event", "customer.feedback",
        ]

    def _update_values(self, src_partners, dst_partner):
        # sudo: whoever merges contacts may change them.
        going, stays = src_partners.sudo(), dst_partner.sudo()
        self._keep_one_birthday(going, stays)
        self._bring_nobody_themselves(going | stays)
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _keep_one_birthday(self, going, stays):
        """Take a birthday as a whole: the day of one and the year of another are nobody's birthday."""
        # Whose day and month are taken: Odoo prefers who stays, then the last of those who go.
        born = next((partner for partner in (stays, *reversed(going)) if partner.birthday_month), stays)
        for partner in going - born:
            if born.birthday_year or any(partner[name] != born[name] for name in ("birthday_day", "birthday_month")):
                partner.birthday_year = False

    @api.model
    def _bring_nobody_themselves(self, merged):
        """Forget who brought contacts that become one if that was one of them, or somebody whom one of them brought."""
        for partner in merged:
            friend, seen = partner.referred_by_id, merged.browse()
            while friend and friend not in seen | merged:
                seen |= friend
                friend = friend.referred_by_id or friend.commercial_partner_id.referred_by_id
            if friend & merged:
                partner.referred_by_id = False
