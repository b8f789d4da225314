from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one current action: a merge that meets two would drop all that was ever done with those who go."""
        self.env["customer.next.action"].flush_model()
        self.env.cr.execute(SQL(
            """DELETE FROM customer_next_action WHERE is_current AND date_first IS NULL AND partner_id = ANY(%s)""",
            src_partners.ids,
        ))
        self.env.cr.execute(SQL(
            """UPDATE customer_next_action
                  SET is_current = FALSE, state = CASE state WHEN 'held_out' THEN state ELSE 'gone' END
                WHERE is_current AND partner_id = ANY(%s)""",
            src_partners.ids,
        ))
        self.env["customer.next.action"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
