"""The customers whom a file of purchases names and whom nobody knows: told, or created."""

from odoo.tools import SQL

from ..source_file import matching
from ..source_file.staging import table


def customers_to_create(cr):
    """Return (imagined id, reference, e-mail, VAT, name, country code) of every customer to be created."""
    cr.execute(SQL(
        """SELECT -first_row, ref, email, vat, name, country_code
             FROM (%(imagined)s) w
            WHERE EXISTS (
                SELECT FROM %(purchase)s p
                 WHERE p.partner_id = -w.first_row AND NOT p.known AND NOT p.spoilt
                   AND (p.reason IS NULL OR p.reason = 'zero'))
            ORDER BY first_row""",
        imagined=_imagined_sql(), purchase=table("purchase"),
    ))
    return cr.fetchall()


def _imagined_sql():
    """SQL: the customers to be created, with what is written to them.

    What several customers use, and what names nobody, is not.
    """
    return SQL(
        """SELECT who, first_row,
                  CASE WHEN ref_key = '' OR 'ref' = ANY(shared) THEN ''
                       WHEN ref_exact ~ '^\\d+[.,]0+$' THEN ref_key ELSE ref_exact END AS ref,
                  CASE WHEN 'email' = ANY(shared) THEN '' ELSE array_to_string(emails, ', ') END AS email,
                  CASE WHEN vat_number = '' OR 'vat' = ANY(shared) THEN '' ELSE vat END AS vat,
                  CASE WHEN name_key = '' THEN '' ELSE normalize(btrim(name), NFC) END AS name,
                  country_code
             FROM %s WHERE creates""",
        table("who"),
    )


def unknown_customers(cr, keys):
    """Return the customers that the option to create customers would add, where it is off.

    Only those are told of whom rows are refused because nobody was found. They are searched for on trial,
    and nothing of that remains.

    :return: dicts of ``key`` (the same whenever the file is read), ``ref``, ``email``, ``vat``, ``name``,
        ``country_code`` and ``rows``, the number of rows, in the order of the file
    """
    with cr.savepoint(flush=False) as savepoint:
        cr.execute(SQL("UPDATE %s SET state = NULL WHERE open", table("who")))
        matching.imagine_customers(cr, keys)
        # Nobody had a partner so far, and the planner would join each customer with each row.
        cr.execute(SQL("ANALYZE %s", table("who")))
        cr.execute(SQL(
            """SELECT imagined.who::text AS key, imagined.ref, imagined.email, imagined.vat, imagined.name,
                      imagined.country_code, meant.rows
                 FROM (%(imagined)s) imagined
                 JOIN (
                    SELECT w.partner_id, count(*) AS rows
                      FROM %(who)s w
                      JOIN %(good)s g ON g.who = w.who
                      JOIN %(purchase)s p ON p.purchase = g.purchase
                     WHERE w.partner_id < 0 AND NOT p.known AND p.reason IS NULL
                     GROUP BY w.partner_id
                 ) meant ON meant.partner_id = -imagined.first_row
                ORDER BY imagined.first_row""",
            imagined=_imagined_sql(), who=table("who"), good=table("good"), purchase=table("purchase"),
        ))
        customers = cr.dictfetchall()
        savepoint.rollback()
    return customers


def replace_customers(cr, pairs):
    """Put real partners in the place of imagined ones; ``pairs`` are (imagined id, real id)."""
    cr.execute(SQL(
        """UPDATE %s p SET partner_id = pair.real
             FROM UNNEST(%s, %s) AS pair(imagined, real) WHERE p.partner_id = pair.imagined""",
        table("purchase"), [imagined for imagined, _real in pairs], [real for _imagined, real in pairs],
    ))
