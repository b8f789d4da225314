from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Let nobody become somebody who brought themselves, alone or by way of others, which would end the merge."""
        # sudo: whoever merges contacts may change them.
        merged = (src_partners | dst_partner).sudo()
        for partner in merged:
            if merged & partner.referred_by_id._customer_referral_chain():
                partner.referred_by_id = False
        return super()._update_values(src_partners, dst_partner)
