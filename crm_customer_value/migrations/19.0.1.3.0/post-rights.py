"""Say for whom what is at stake was computed, and forget what may be another customer's.

Until this version, a complaint that had ended kept its amount when it got another contact, or none.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Keep the amounts of ended complaints whose contact stayed the same, and rank all."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    complaints = env["customer.complaint"]
    complaints.flush_model()
    # Zero stood for what was not known, too. What is open is computed anew below.
    cr.execute(
        """UPDATE customer_complaint complaint
              SET stake_partner_id = commercial_partner_id
            WHERE amount_at_stake <> 0 AND commercial_partner_id IS NOT NULL
              AND NOT EXISTS (
                  SELECT FROM mail_message message
                    JOIN mail_tracking_value tracked ON tracked.mail_message_id = message.id
                    JOIN ir_model_fields field ON field.id = tracked.field_id
                   WHERE message.model = 'customer.complaint' AND message.res_id = complaint.id
                     AND field.model = 'customer.complaint' AND field.name = 'partner_id'
                     AND message.date >= complaint.date_closed)"""
    )
    complaints.invalidate_model(["stake_partner_id"], flush=False)
    for company in env["res.company"].with_context(active_test=False).search([]):
        complaints._write_stakes(company, SQL("TRUE"))
