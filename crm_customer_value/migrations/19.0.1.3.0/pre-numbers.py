"""Take out of the database what is no number, before the database is told to refuse it.

NaN and infinity came in by RPC; whoever opened a record with one saw nothing any more.
"""

from odoo.tools import SQL

LARGEST = 10**15
# What must be there: as in a new policy. Everything else that must be there becomes 0.
REQUIRED = {
    "customer_value_policy": {
        "pareto_a": 80, "pareto_b": 95, "discount_rate": 10, "hysteresis": 10, "weight_current_value": 50,
        "weight_future_value": 40, "weight_development": 20, "weight_loyalty": 30, "weight_payment": 20,
        "weight_satisfaction": 40, "weight_cost_to_serve": 10,
    },
}


def migrate(cr, version):
    """Empty every number of our tables that is none, or is too large to be meant."""
    if not version:
        return
    cr.execute(
        """SELECT c.table_name, c.column_name, c.is_nullable = 'YES'
             FROM information_schema.columns c
             JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = CURRENT_SCHEMA AND t.table_type = 'BASE TABLE'
              AND c.data_type IN ('numeric', 'double precision')
              AND (c.table_name LIKE 'customer\\_%' OR c.column_name = 'complaint_hour_cost')
            ORDER BY c.table_name, c.column_name"""
    )
    tables = {}
    for table, column, nullable in cr.fetchall():
        tables.setdefault(table, {})[column] = None if nullable else 0
    for table, columns in tables.items():
        instead = columns | REQUIRED.get(table, {})
        cr.execute(SQL(
            "UPDATE %s SET %s WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(
                SQL("%(column)s = CASE WHEN ABS(%(column)s) >= %(largest)s THEN %(instead)s ELSE %(column)s END",
                    column=SQL.identifier(column), largest=LARGEST, instead=instead[column])
                for column in columns
            ),
            SQL(" OR ").join(
                SQL("ABS(%s) >= %s", SQL.identifier(column), LARGEST) for column in columns
            ),
        ))
