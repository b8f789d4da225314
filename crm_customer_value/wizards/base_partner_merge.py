from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Mark the customers whose purchases a merge, which moves them by SQL, brings together."""
        marks = self.env["customer.value.mark"]
        partners = self.env["res.partner"].browse(partner_ids)
        marks._mark(partners | partners.exists().commercial_partner_id)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        marks._mark(partners.exists().commercial_partner_id)
        return result
