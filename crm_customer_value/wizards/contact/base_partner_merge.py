from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Take what was logged with a contact along to its new customer.

        What stayed with a customer whom the contact left earlier stays there.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: whoever merges contacts need not read what was logged.
        logs = self.env["customer.contact.log"].sudo().search([("partner_id", "in", partners.ids)])
        logs = logs.filtered(lambda log: log.commercial_partner_id == log.partner_id.commercial_partner_id)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners.exists()._customer_keep_contacts()
        for log in logs.exists():
            log.commercial_partner_id = log.partner_id.commercial_partner_id
        return result
