from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _models_of_customers(self):
        return [*super()._models_of_customers(), "customer.suggestion.support"]

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one vote of each customer for a suggestion."""
        # sudo: who merges contacts need not have rights on suggestions
        self.env["customer.suggestion.support"].sudo()._prepare_partner_merge(src_partners | dst_partner, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
