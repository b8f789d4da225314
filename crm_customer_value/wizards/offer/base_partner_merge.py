from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _models_of_customers(self):
        return [*super()._models_of_customers(), "customer.offer"]

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the last word on each product; a merge that meets two would drop all offers of those who go."""
        self.env["customer.offer"].flush_model()
        self.env["customer.offer.proposal"].flush_model()
        self.env.cr.execute(SQL(
            """DELETE FROM customer_offer
                WHERE id IN (
                    SELECT id
                      FROM (SELECT id, ROW_NUMBER() OVER (
                                           PARTITION BY company_id, product_id ORDER BY date DESC, id DESC) AS place
                              FROM customer_offer WHERE partner_id = ANY(%s)) placed
                     WHERE place > 1)""",
            (src_partners | dst_partner).ids,
        ))
        # Tomorrow's proposals are those of who stays.
        self.env.cr.execute(SQL(
            "DELETE FROM customer_offer_proposal WHERE partner_id = ANY(%s)", src_partners.ids
        ))
        self.env["customer.offer"].invalidate_model(flush=False)
        self.env["customer.offer.proposal"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
