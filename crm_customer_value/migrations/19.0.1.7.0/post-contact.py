"""Complaints, preferences and contacts share one list of channels from this version on.

The columns of the selections are still there: Odoo drops them at the end of the update, with their fields. What people
saved by the old names is written anew by the new ones: filters, defaults, lists of exports, and what the e-mail
addresses of teams give to new complaints.
"""

import json
import re
from ast import literal_eval

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, sql

# {model: (the selection there was, the link there is)}
RENAMED = {
    "customer.complaint": ("channel", "channel_id"),
    "res.partner": ("service_channel", "service_channel_id"),
}


def migrate(cr, version):
    """Fill the links from the selections, correct what names them, and have everybody's silence counted."""
    if not version:
        return
    for model, (old, new) in RENAMED.items():
        table = model.replace(".", "_")
        if old in sql.table_columns(cr, table):
            _fill(cr, table, old, new)
        _correct_filters(cr, model, old, new)
        _correct_defaults(cr, model, old, new)
        cr.execute(
            """UPDATE ir_exports_line line SET name = %s FROM ir_exports export
                WHERE export.id = line.export_id AND export.resource = %s AND line.name = %s""",
            [new, model, old],
        )
    _correct_addresses(cr)
    # What an interrupted run gathered lacks the cost of contacts: it begins anew.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.invalidate_all()
    env["customer.value.run"]._enqueue(env["res.company"].search([]))


def _fill(cr, table, old, new):
    """Link each row to the channel of its code."""
    cr.execute(SQL(
        """UPDATE %(table)s known SET %(new)s = channel.id
             FROM customer_contact_channel channel
            WHERE channel.code = known.%(old)s AND known.%(new)s IS DISTINCT FROM channel.id""",
        table=SQL.identifier(table), old=SQL.identifier(old), new=SQL.identifier(new),
    ))


def _correct_filters(cr, model, old, new):
    """Have saved filters compare the code of the channel, and group and sort by the channel."""
    cr.execute(
        "SELECT id, domain, context, sort FROM ir_filters WHERE model_id = %s AND CONCAT(domain, context, sort) ~ %s",
        [model, old],
    )
    quoted = re.compile(rf"""(['"]){old}\1""")
    for filter_id, domain, context, sort in cr.fetchall():
        cr.execute(
            "UPDATE ir_filters SET domain = %s, context = %s, sort = %s WHERE id = %s",
            [
                domain and quoted.sub(rf"\1{new}.code\1", domain),
                context and quoted.sub(rf"\1{new}\1", context),
                sort and re.sub(rf"""(["' ]){old}(["' ])""", rf"\1{new}\2", sort),
                filter_id,
            ],
        )


def _correct_defaults(cr, model, old, new):
    """Have the defaults that people set name the channel."""
    cr.execute(
        """SELECT preset.id, preset.json_value, known.id
             FROM ir_default preset
             JOIN ir_model_fields was ON was.id = preset.field_id AND was.model = %s AND was.name = %s
             JOIN ir_model_fields known ON known.model = was.model AND known.name = %s""",
        [model, old, new],
    )
    for default_id, value, field_id in cr.fetchall():
        cr.execute("SELECT id FROM customer_contact_channel WHERE code = %s", [json.loads(value)])
        if found := cr.fetchone():
            cr.execute(
                "UPDATE ir_default SET field_id = %s, json_value = %s WHERE id = %s",
                [field_id, json.dumps(found[0]), default_id],
            )


def _correct_addresses(cr):
    """Have what comes in by the e-mail address of a team come in by the channel."""
    cr.execute(
        """SELECT address.id, address.alias_defaults
             FROM mail_alias address JOIN ir_model known ON known.id = address.alias_model_id
            WHERE known.model = 'customer.complaint' AND address.alias_defaults ~ '''channel''|"channel"'"""
    )
    for alias_id, text in cr.fetchall():
        defaults = literal_eval(text)
        cr.execute("SELECT id FROM customer_contact_channel WHERE code = %s", [defaults.pop("channel")])
        if found := cr.fetchone():
            defaults["channel_id"] = found[0]
        cr.execute("UPDATE mail_alias SET alias_defaults = %s WHERE id = %s", [repr(defaults), alias_id])
