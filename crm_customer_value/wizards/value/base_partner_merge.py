from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Mark the customers whose purchases a merge, which moves them by SQL, brings together."""
        partners = self.env["res.partner"].browse(partner_ids)
        partners.exists()._mark_customers()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners.exists()._mark_customers()
        return result
