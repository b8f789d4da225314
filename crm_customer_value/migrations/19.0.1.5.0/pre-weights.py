"""Each weight of a policy is a line of its own from this version on, instead of a field.

This happens before the update of the addon: the scripts of versions in between go on with policies by their lines.
"""

from odoo.tools import SQL, sql

# The fields there were, in the order in which the parts are shown.
PARTS = ("current_value", "future_value", "development", "loyalty", "payment", "satisfaction", "cost_to_serve")


def migrate(cr, version):
    """Make the table of lines, fill it from the columns of the policies, and drop those."""
    if not version:
        return
    columns = sql.table_columns(cr, "customer_value_policy")
    # A policy of before a part existed has no line for it, which counts as 0.
    known = [name for name in PARTS if f"weight_{name}" in columns]
    if not known:
        return
    cr.execute(
        """CREATE TABLE IF NOT EXISTS customer_value_policy_weight (
               id SERIAL PRIMARY KEY, policy_id integer, part varchar, weight numeric, industry_id integer,
               create_uid integer, create_date timestamp, write_uid integer, write_date timestamp)"""
    )
    cr.execute(SQL(
        """INSERT INTO customer_value_policy_weight
                  (policy_id, part, weight, create_uid, create_date, write_uid, write_date)
           SELECT policy.id, had.part, had.weight,
                  policy.create_uid, policy.create_date, policy.write_uid, policy.write_date
             FROM customer_value_policy policy
            CROSS JOIN LATERAL (VALUES %s) had (place, part, weight)
            WHERE had.weight IS NOT NULL
            ORDER BY policy.id, had.place""",
        SQL(", ").join(
            SQL("(%s, %s, policy.%s)", place, name, SQL.identifier(f"weight_{name}"))
            for place, name in enumerate(known)
        ),
    ))
    cr.execute(SQL(
        "ALTER TABLE customer_value_policy %s",
        SQL(", ").join(SQL("DROP COLUMN %s", SQL.identifier(f"weight_{name}")) for name in known),
    ))
