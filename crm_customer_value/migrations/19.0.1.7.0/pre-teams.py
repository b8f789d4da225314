"""Users know their teams now, as teams know their members: both fields share the table that teams had alone.

In a new database the field of users makes it, with the user first. An old table gets the same key and index; together
they serve both ways of looking something up.
"""

from odoo.tools import SQL

TABLE = SQL.identifier("customer_complaint_team_res_users_rel")
KEY = SQL.identifier("customer_complaint_team_res_users_rel_pkey")
USER, TEAM = SQL.identifier("res_users_id"), SQL.identifier("customer_complaint_team_id")


def migrate(cr, version):
    """Turn key and index of the table around, unless they are as they should be."""
    if not version:
        return
    cr.execute(
        """SELECT found.relname, wanted.indisprimary
             FROM pg_index wanted
             JOIN pg_class found ON found.oid = wanted.indexrelid
            WHERE wanted.indrelid = to_regclass('customer_complaint_team_res_users_rel')
              AND (SELECT attname FROM pg_attribute WHERE attrelid = wanted.indrelid AND attnum = wanted.indkey[0])
                  = CASE WHEN wanted.indisprimary THEN 'customer_complaint_team_id' ELSE 'res_users_id' END"""
    )
    turned = cr.fetchall()
    if not any(is_key for _name, is_key in turned):
        return
    for name, is_key in turned:
        if not is_key:
            cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s, ADD PRIMARY KEY (%s, %s)", TABLE, KEY, USER, TEAM))
    cr.execute(SQL("CREATE INDEX ON %s (%s, %s)", TABLE, TEAM, USER))
