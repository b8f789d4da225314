"""E-mails name complaints by a number with a secret, and what came from outside is stored harmless.

The templates belong to the customers' own data and are not loaded again, so their subjects are changed here, whatever
else was made of them.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.crm_customer_value.models.voice.html_from_outside import clean_html
from odoo.addons.crm_customer_value.models.voice.one_line import one_line

BATCH = 500
# What may leave its place on a page or load something from elsewhere.
SUSPICIOUS = r"style\s*=|class\s*=|\sid\s*=|src\s*=|background\s*="
UNPRINTABLE = "[\u0001-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
LINES = {
    "customer_complaint": ("name", "partner_name", "email_from", "phone"),
    "customer_suggestion": ("name",),
}


def migrate(cr, version):
    """Change the subjects, and clean what is stored."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What the update has loaded so far is not all in the database yet.
    env.flush_all()
    cr.execute(SQL(
        "UPDATE mail_template SET subject = replace(subject::text, %s, %s)::jsonb"
        " WHERE model = 'customer.complaint' AND subject::text LIKE %s",
        "{{ object.number }}", "{{ object._mail_number() }}", "%{{ object.number }}%",
    ))
    for table, columns in LINES.items():
        _rewrite(cr, table, "description", SQL("description ~* %s", SUSPICIOUS), _clean)
        for column in columns:
            _rewrite(cr, table, column, SQL("%s ~ %s", SQL.identifier(column), UNPRINTABLE), one_line)
    sent = SQL(
        "model IN ('customer.complaint', 'customer.suggestion') AND message_type = 'email' AND body ~* %s", SUSPICIOUS
    )
    _rewrite(cr, "mail_message", "body", sent, _clean)
    env.invalidate_all(flush=False)


def _clean(body):
    return str(clean_html(body, "Picture on", own_pictures=True))


def _rewrite(cr, table, column, condition, change):
    """Write ``change`` of a column, where the condition holds and that makes a difference."""
    last = 0
    while True:
        cr.execute(SQL(
            "SELECT id, %(column)s FROM %(table)s WHERE id > %(last)s AND %(condition)s ORDER BY id LIMIT %(batch)s",
            column=SQL.identifier(column), table=SQL.identifier(table), last=last, condition=condition, batch=BATCH,
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
