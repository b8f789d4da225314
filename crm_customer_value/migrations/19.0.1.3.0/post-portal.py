"""Take the keys of customers' links out of what conversations have kept."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

BATCH = 1000


def migrate(cr, version):
    """Let no logged e-mail speak as the customer: employees read them. The links of customers stay good."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What employees can read of a rating opens it no more: its customer's key is made by the complaint.
    cr.execute("UPDATE rating_rating SET access_token = NULL WHERE res_model = 'customer.complaint'")
    for model in env["customer.thread.mixin"]._thread_models():
        cr.execute(SQL(
            """
            SELECT id FROM mail_message
             WHERE model = %s AND (body LIKE '%%access_token%%' OR body LIKE '%%/mail/view%%' OR body LIKE '%%/rate/%%')
             ORDER BY id
            """,
            model,
        ))
        ids = [id_ for (id_,) in cr.fetchall()]
        for start in range(0, len(ids), BATCH):
            messages = env["mail.message"].browse(ids[start:start + BATCH])
            threads = env[model].browse(messages.mapped("res_id")).exists()
            for message in messages:
                thread = threads.filtered(lambda thread, message=message: thread.id == message.res_id)
                if thread and (body := thread._without_keys(message.body)) != message.body:
                    cr.execute(SQL("UPDATE mail_message SET body = %s WHERE id = %s", str(body), message.id))
            env.invalidate_all()
