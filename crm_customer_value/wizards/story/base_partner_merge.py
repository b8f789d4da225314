from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one snapshot a month: the one of who stays, else the youngest of those who go.

        A merge that meets two of one month would drop the whole history of those who go.
        """
        self.env.cr.execute(SQL(
            """DELETE FROM customer_value_snapshot s
                WHERE s.partner_id = ANY(%(going)s)
                  AND EXISTS (SELECT 1 FROM customer_value_snapshot other
                               WHERE other.company_id = s.company_id AND other.date = s.date
                                 AND (other.partner_id = %(stays)s
                                      OR other.partner_id = ANY(%(going)s)
                                         AND other.partner_id > s.partner_id))""",
            going=src_partners.ids, stays=dst_partner.id,
        ))
        return super()._update_foreign_keys(src_partners, dst_partner)
