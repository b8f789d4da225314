"""Fill the new columns of ``customer_value`` with what a recompute would write.

Nobody has complained yet. A default that is stored with the column costs nothing, whereas the first night
would rewrite the row of every customer because nothing is not zero.
"""

from odoo.tools import SQL

# column: (type, what it is for who never complained)
COLUMNS = {
    "open_complaints": ("int4", "0"),
    "open_severe_complaints": ("int4", "0"),
    "complaint_count_12m": ("int4", "0"),
    "late_complaint_count_12m": ("int4", "0"),
    "csat": ("numeric", "0"),
    "csat_count": ("int4", "0"),
    "adopted_suggestions": ("int4", "0"),
    "satisfaction_score": ("numeric", "0"),
    "satisfaction_points": ("numeric", "0"),
    "has_satisfaction_score": ("bool", "FALSE"),
}


def migrate(cr, version):
    """Add the columns with their value for everybody, before the ORM would add them empty."""
    if not version:
        return
    for name, (kind, value) in COLUMNS.items():
        column = SQL.identifier(name)
        cr.execute(SQL(
            "ALTER TABLE customer_value ADD COLUMN IF NOT EXISTS %s %s DEFAULT %s", column, SQL(kind), SQL(value)
        ))
        cr.execute(SQL("ALTER TABLE customer_value ALTER COLUMN %s DROP DEFAULT", column))
