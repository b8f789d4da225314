from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _models_of_customers(self):
        return [*super()._models_of_customers(), "customer.rescue"]

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one effort of a day: the one of who stays, else the first one.

        A merge that meets two would drop all efforts for those who go.
        """
        self.env["customer.rescue"].flush_model()
        self.env.cr.execute(SQL(
            """DELETE FROM customer_rescue rescue
                WHERE rescue.partner_id = ANY(%(going)s)
                  AND EXISTS (SELECT 1 FROM customer_rescue other
                               WHERE other.company_id = rescue.company_id AND other.date = rescue.date
                                 AND (other.partner_id = %(stays)s
                                      OR other.partner_id = ANY(%(going)s) AND other.id < rescue.id))""",
            going=src_partners.ids, stays=dst_partner.id,
        ))
        self.env["customer.rescue"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
