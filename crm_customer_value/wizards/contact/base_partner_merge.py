from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Odoo moves the logs with their contact; what was logged with a contact alone becomes its customer's."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env["res.partner"].browse(partner_ids).exists()._customer_keep_contacts()
        return result
