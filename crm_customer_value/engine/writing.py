"""Bringing ``customer_value`` up to the rows that were computed: what changed, and nothing else."""

from odoo.tools import SQL

from .indices import VALUE_COLUMNS


def upsert_sql(rows, condition, company_id, uid):
    """Return the statement that writes finished rows, changed ones only, and returns their ids.

    Unchanged rows are sorted out by a join before the insert, which would make and throw away a
    row version of each. What the join did not see yet, the conflict clause updates.

    :param SQL rows: :func:`rows_sql`
    :param SQL condition: the same limits on ``v.partner_id``: without them, and with old statistics,
        each batch would read the values of all customers
    :param int company_id: whose values these are
    :param int uid: who is noted as the writer
    """
    columns, excluded, current, computed = (
        SQL(", ").join(SQL.identifier(*prefix, name) for name in VALUE_COLUMNS)
        for prefix in ((), ("excluded",), ("v",), ("computed",))
    )
    return SQL(
        """INSERT INTO customer_value (company_id, create_uid, create_date, write_uid, write_date,
                                       partner_id, %(columns)s)
           SELECT %(company)s, %(uid)s, NOW() AT TIME ZONE 'UTC',
                  %(uid)s, NOW() AT TIME ZONE 'UTC', computed.*
             FROM (%(rows)s OFFSET 0) computed
             LEFT JOIN customer_value v
                    ON v.company_id = %(company)s AND v.partner_id = computed.partner_id
                   AND %(condition)s
            WHERE v.id IS NULL OR (%(current)s) IS DISTINCT FROM (%(computed)s)
            ORDER BY computed.partner_id
           ON CONFLICT (company_id, partner_id) DO UPDATE
              SET (write_uid, write_date, %(columns)s)
                = (excluded.write_uid, excluded.write_date, %(excluded)s)
           RETURNING id""",
        columns=columns, excluded=excluded, current=current, computed=computed,
        company=company_id, uid=uid, rows=rows, condition=condition,
    )


def remove_sql(table, company_id, partners):
    """Return the statement that removes the values of customers who have no facts any more.

    :param str table: working table, complete for these partners
    :param int company_id: whose values
    :param SQL partners: condition on ``v.partner_id``
    """
    return SQL(
        """DELETE FROM customer_value v
            WHERE v.company_id = %s AND %s
              AND NOT EXISTS (SELECT 1 FROM %s w WHERE w.partner_id = v.partner_id)
        RETURNING v.id""",
        company_id, partners, SQL.identifier(table),
    )
