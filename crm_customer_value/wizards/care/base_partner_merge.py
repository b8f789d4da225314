from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _models_of_customers(self):
        return [*super()._models_of_customers(), "customer.care.log"]

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Whoever of those merged wants no promotion is asked by nobody again: nobody agreed for them."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: what contacts said counts, whoever merges them.
        refused = partners.sudo().filtered(lambda partner: partner.promotion_consent == "withdrawn")[:1]
        how = refused.promotion_consent_how
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        if refused:
            partners.exists().sudo().write({"promotion_consent": "withdrawn", "promotion_consent_how": how})
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one act of care for each occasion: the one of who stays, else the first one.

        A merge that meets two would drop everything that was done for those who go, and it would be done again.
        """
        self.env["customer.care.log"].flush_model()
        self.env.cr.execute(SQL(
            """DELETE FROM customer_care_log log
                WHERE log.partner_id = ANY(%(going)s)
                  AND EXISTS (SELECT 1 FROM customer_care_log other
                               WHERE other.rule_id = log.rule_id AND other.occasion = log.occasion
                                 AND (other.partner_id = %(stays)s
                                      OR other.partner_id = ANY(%(going)s) AND other.id < log.id))""",
            going=src_partners.ids, stays=dst_partner.id,
        ))
        self.env["customer.care.log"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
