"""Bringing ``customer_value`` up to the rows that were computed: what changed, and nothing else."""

from odoo.tools import SQL

from ..lifecycle import placement


def upsert_sql(rows, names, condition, company_id, uid, evaluation):
    """Return the statement that writes finished rows, changed ones only, and returns their ids.

    Unchanged rows are sorted out by a join before the insert, which would make and throw away a
    row version of each. What the join did not see yet, the conflict clause updates. The stage of
    each customer is found where the row as it was is at hand, and moves are recorded by the same
    statement, so neither is ever there without the other.

    :param SQL rows: :func:`rows_sql`
    :param names: :func:`indices.value_columns`
    :param SQL condition: the same limits on ``v.partner_id``: without them, and with old statistics,
        each batch would read the values of all customers
    :param int company_id: whose values these are
    :param int uid: who is noted as the writer
    :param placement.Evaluation evaluation: the stages
    """
    columns, excluded = (
        SQL(", ").join(SQL.identifier(*prefix, name) for name in (*names, *placement.COLUMNS))
        for prefix in ((), ("excluded",))
    )
    return SQL(
        """WITH changed AS MATERIALIZED (%(placed)s),
           written AS (
               INSERT INTO customer_value (company_id, create_uid, create_date, write_uid, write_date,
                                           partner_id, %(columns)s)
               SELECT %(company)s, %(uid)s, NOW() AT TIME ZONE 'UTC',
                      %(uid)s, NOW() AT TIME ZONE 'UTC', partner_id, %(columns)s
                 FROM changed
                ORDER BY partner_id
               ON CONFLICT (company_id, partner_id) DO UPDATE
                  SET (write_uid, write_date, %(columns)s)
                    = (excluded.write_uid, excluded.write_date, %(excluded)s)
               RETURNING id),
           noted AS (%(moves)s)
           SELECT id FROM written""",
        placed=placement.placed_sql(rows, names, condition, evaluation, company_id),
        moves=placement.moves_sql(SQL("changed"), evaluation, company_id, uid),
        columns=columns, excluded=excluded, company=company_id, uid=uid,
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
