"""What proves that an e-mail answers one of ours is kept nowhere: not in messages that employees read either."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

BATCH = 500
# A number with its secret, wherever it may have been copied to.
SUSPICIOUS = r"[\w/-]\d[\w/]*-[0-9A-Fa-f]{10}"
COLUMNS = {
    "mail_message": ("subject", "body"),
    "customer_complaint": ("name", "description"),
    "customer_complaint_held_mail": ("subject", "text"),
}


def migrate(cr, version):
    """Take the secrets out of what is stored."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    complaints = env["customer.complaint"]
    for table, columns in COLUMNS.items():
        mine = SQL("model = %s", complaints._name) if table == "mail_message" else SQL("TRUE")
        for column in columns:
            _rewrite(cr, table, column, mine, complaints._without_secrets)
    env.invalidate_all(flush=False)


def _rewrite(cr, table, column, condition, change):
    """Write ``change`` of a column where that makes a difference."""
    last = 0
    while True:
        cr.execute(SQL(
            "SELECT id, %(column)s FROM %(table)s WHERE id > %(last)s AND %(column)s ~ %(suspicious)s AND %(condition)s"
            " ORDER BY id LIMIT %(batch)s",
            column=SQL.identifier(column), table=SQL.identifier(table), last=last, suspicious=SUSPICIOUS,
            condition=condition, batch=BATCH,
        ))
        rows = cr.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        for row_id, text in rows:
            if (changed := change(text)) != text:
                cr.execute(SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(table), SQL.identifier(column), changed, row_id,
                ))
