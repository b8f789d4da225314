from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Check who takes over whom before anything is merged."""
        self._check_takeover(self.env["res.partner"].browse(partner_ids).exists(), dst_partner)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _check_takeover(self, partners, stays):
        """Raise when a merge would take over customers of others."""
        if not partners or not partners._is_takeover_checked():
            return
        if not stays or stays not in partners:
            stays = self._get_ordered_partner(partners.ids)[-1]
        # sudo: whose customer somebody is counts, whoever may read the contacts of the family.
        customer = stays.sudo().commercial_partner_id
        partners._check_moves(dict.fromkeys((partners - stays).sudo(), customer))
