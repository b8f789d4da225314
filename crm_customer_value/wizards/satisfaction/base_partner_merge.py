from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Bring what is at stake up to the value of who stays."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = self.env["res.partner"].browse(partner_ids).exists()
        self.env["customer.complaint"]._refresh_stakes_of(remaining.commercial_partner_id)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Forget what was at stake for those who go: it was not at stake for who stays."""
        self.env["customer.complaint"].flush_model(["stake_partner_id"])
        self.env.cr.execute(SQL(
            "UPDATE customer_complaint SET stake_partner_id = NULL WHERE stake_partner_id = ANY(%s)", src_partners.ids
        ))
        return super()._update_foreign_keys(src_partners, dst_partner)
