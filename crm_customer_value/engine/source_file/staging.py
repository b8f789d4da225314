"""From rows of a file to what they name: temporary tables, filled and judged by sets.

Everything up to writing happens in temporary tables only, so that a preview, a dry run and the
import itself are the same statements and cannot disagree. The number of statements does not
depend on the number of rows. Each kind of import has more tables than these:

    row       every row of the file, as understood; who names the customer (``ref``, ``email``, ``vat``, ``name``,
              ``country``) and the product (``product``, ``product_name``), and ``reason``, why it is refused
    who       the different customers they name, and who that is (see ``matching``)
    item      the different products they name (see ``products``)
"""

import csv
import io

from odoo.tools import SQL

from .customers import EMAIL_SEPARATOR, email_sql, name_sql, ref_sql, vat_sql, words_sql

TABLES = ("row", "who", "who_key", "match_key", "match", "item", "item_key", "item_offer")


def table(name):
    return SQL.identifier(f"customer_import_{name}")


def create_tables(cr, columns, more_tables):
    """Create the table of rows; what an earlier import of this transaction left is dropped.

    :param dict columns: {name: type} of the table of rows
    :param more_tables: names of tables that this kind of import makes besides
    """
    drop_tables(cr, more_tables)
    definitions = SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL(column_type)) for name, column_type in columns.items()
    )
    cr.execute(SQL("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP", table("row"), definitions))


def drop_tables(cr, more_tables):
    """Drop the temporary tables, if there are any."""
    for name in (*TABLES, *more_tables):
        cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", table(name)))


def load(cr, rows):
    """Add ``rows``, tuples in the order of the table's columns."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    # COPY reads empty cells as NULL and is several times as fast as INSERT.
    cr.copy_expert(
        "COPY customer_import_row FROM STDIN (FORMAT csv, FORCE_NOT_NULL (product, product_name, country))", buffer
    )


def readable_sql(row):
    """SQL: whether a row is understood. One of amount zero is: who got something for nothing is known."""
    return SQL("(%s.reason IS NULL OR %s.reason = 'zero')", row, row)


def read_countries(cr):
    """Return the different texts that stand for countries."""
    cr.execute(SQL("SELECT DISTINCT country FROM %s WHERE country <> ''", table("row")))
    return [country for (country,) in cr.fetchall()]


def gather_customers(cr, countries):
    """Fill ``who`` with the different customers that the rows of ``readable_sql`` name.

    :param dict countries: {text: code of the country}
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(who_table)s ON COMMIT DROP AS
        SELECT w.*, place.country_code, r.*, v.*, e.emails, n.*, spelled.*,
               FALSE AS mixed, '{}'::text[] AS shared,
               NULL::integer AS partner_id, NULL::integer AS matches, NULL::text AS state, NULL::text AS via,
               NULL::integer AS level, NULL::integer AS contact, NULL::boolean AS archived,
               NULL::integer AS aside, NULL::text AS aside_kind, NULL::text AS aside_why,
               FALSE AS open, FALSE AS creates
          FROM (
            SELECT %(who)s AS who, min(r.row_no) AS first_row, count(*) AS rows,
                   COALESCE(r.ref, '') AS ref, COALESCE(r.email, '') AS email, COALESCE(r.vat, '') AS vat,
                   COALESCE(r.name, '') AS name, r.country
              FROM %(row)s r
             WHERE %(readable)s
             GROUP BY r.ref, r.email, r.vat, r.name, r.country
          ) w
          LEFT JOIN UNNEST(%(texts)s::text[], %(codes)s::text[]) AS place(country, country_code) USING (country)
         CROSS JOIN LATERAL %(ref)s r
         CROSS JOIN LATERAL %(vat)s v
         CROSS JOIN LATERAL (SELECT ARRAY(
            SELECT address FROM unnest(string_to_array(lower(w.email), %(separator)s)) address WHERE %(is_email)s
         ) AS emails) e
         CROSS JOIN LATERAL (SELECT %(name)s AS name_key, %(company)s AS name_company, %(swapped)s AS name_swapped
                             OFFSET 0) n
         CROSS JOIN LATERAL %(words)s spelled""",
        who_table=table("who"),
        who=who_sql(),
        row=table("row"),
        readable=readable_sql(SQL("r")),
        texts=list(countries),
        codes=list(countries.values()),
        ref=ref_sql(SQL("w.ref")),
        vat=vat_sql(SQL("w.vat"), SQL("place.country_code")),
        separator=EMAIL_SEPARATOR,
        is_email=email_sql(SQL("address")),
        name=name_sql(SQL("w.name")),
        # "Company, Contact" as Odoo writes it, and "Last, First".
        company=name_sql(SQL("substring(w.name FROM '^(.*\\S)\\s*,\\s*\\S')")),
        swapped=name_sql(SQL(
            "CASE WHEN w.name ~ '^[^,]+,[^,]+$' THEN regexp_replace(w.name, '^(.*),(.*)$', '\\2 \\1') END"
        )),
        words=words_sql(SQL("n.name_key")),
    ))
    # Temporary tables have no statistics of their own.
    cr.execute(SQL("ANALYZE %s", table("who")))


def who_sql():
    """SQL: what identifies the customer named by row ``r``, as it is written there."""
    return SQL("md5(concat_ws(chr(31), %s))::uuid", SQL(", ").join(
        SQL("COALESCE(r.%s, '')", SQL.identifier(name)) for name in ("ref", "email", "vat", "name", "country")
    ))


def count_verdicts(cr, judged):
    """Return {verdict: (rows, first row numbers)}.

    :param SQL judged: every row of the file with its ``verdict``
    """
    cr.execute(SQL(
        """SELECT verdict, count(*), (array_agg(row_no ORDER BY row_no))[1:5]
             FROM (%s) judged GROUP BY verdict""",
        judged,
    ))
    return {verdict: (rows, first) for verdict, rows, first in cr.fetchall()}


def read_judged(cr, judged, after, limit, only_refused=False):
    """Return up to ``limit`` judged rows after row number ``after``, as dicts in file order.

    Who was set aside comes with them: ``aside_name`` and, as ``aside_value``, what speaks against it.

    :param SQL judged: every row of the file with its ``verdict``
    """
    refused = SQL("verdict NOT IN ('new', 'known')") if only_refused else SQL("TRUE")
    cr.execute(SQL(
        """SELECT judged.*, m.display AS aside_name,
                  CASE CASE aside_why WHEN 'looks' THEN aside_kind ELSE aside_why END
                       WHEN 'ref' THEN m.ref WHEN 'vat' THEN m.vat WHEN 'email' THEN m.email
                       WHEN 'country' THEN CASE aside_kind WHEN 'vat' THEN m.vat_country ELSE m.country_code END
                       WHEN 'company' THEN company.name END AS aside_value
             FROM (%s) judged
             LEFT JOIN %s m ON m.contact = judged.aside
             LEFT JOIN res_company company ON company.id = m.company_id
            WHERE row_no > %s AND %s
            ORDER BY row_no LIMIT %s""",
        judged, table("match"), after, refused, limit,
    ))
    return cr.dictfetchall()
