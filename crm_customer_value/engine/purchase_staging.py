"""From rows of a file to purchases: temporary tables, filled and judged by sets.

Everything up to ``store`` happens in temporary tables only, so that a preview, a dry run and
the import itself are the same statements and cannot disagree. The number of statements does
not depend on the number of rows.

    row      every row of the file, as understood
    good     those with a date and an amount: key, amount in company currency
    who      the different customers they name
    match    partners that could be one of them; negative ids are customers yet to be created
"""

import csv
import io
from typing import NamedTuple

from odoo.tools import SQL

TABLES = ("row", "good", "who", "match")


class StagingScope(NamedTuple):
    """Whose purchases these are, and how customers are recognised."""

    company_id: int
    company_ids: list  # the company and those above it, whose partners it shares
    root_company_id: int
    currency_id: int
    rounding: float
    match_order: tuple
    create_customers: bool


def table(name):
    return SQL.identifier(f"customer_purchase_import_{name}")


def create_tables(cr):
    """Create the table of rows; what an earlier import of this transaction left is dropped."""
    drop_tables(cr)
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %s (
            row_no integer, raw text, ref text, email text, vat text, name text,
            day date, amount numeric, margin numeric, cost numeric,
            currency_id integer, currency text, reference text, reason text, detail text,
            product text, product_name text, quantity numeric, price numeric, country text
        ) ON COMMIT DROP""",
        table("row"),
    ))


def drop_tables(cr):
    """Drop the temporary tables, if there are any."""
    for name in TABLES:
        cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", table(name)))


def load(cr, rows):
    """Add ``rows``, tuples in the order of the table's columns."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    # COPY reads empty cells as NULL and is several times as fast as INSERT.
    cr.copy_expert(
        "COPY customer_purchase_import_row FROM STDIN"
        " (FORMAT csv, FORCE_NOT_NULL (product, product_name, country))",
        buffer,
    )


def prepare(cr, scope):
    """Judge the loaded rows: keys, what was imported before, rates, and customers."""
    _gather_good(cr, scope)
    _gather_customers(cr)


def _gather_good(cr, scope):
    """Fill ``good``: key, amount in company currency, whether it is known already.

    Among equal rows of a file the first, second … get different keys: two equal rows are two
    purchases, and the same two when the file comes again.
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(good)s ON COMMIT DROP AS
        WITH keyed AS (
            SELECT row_no, COALESCE(ref, '') AS ref, COALESCE(email, '') AS email, vat, name,
                   upper(regexp_replace(COALESCE(vat, ''), '[^A-Za-z0-9]', '', 'g')) AS vat_key,
                   lower(regexp_replace(btrim(COALESCE(name, '')), '\\s+', ' ', 'g')) AS name_key,
                   day, trim_scale(amount) AS amount,
                   COALESCE(margin, amount - cost) AS margin,
                   currency_id, currency, COALESCE(reference, '') AS reference, reason
              FROM %(row)s
             WHERE reason IS NULL OR reason = 'zero'
        ), numbered AS (
            SELECT *, CASE WHEN ref <> '' THEN 'ref:' || ref
                           WHEN email <> '' THEN 'email:' || email
                           WHEN vat_key <> '' THEN 'vat:' || vat_key
                           ELSE 'name:' || name_key END AS customer_key
              FROM keyed
        ), rated AS (
            SELECT asked.currency_id, asked.day, own.rate / NULLIF(theirs.rate, 0) AS factor
              FROM (SELECT DISTINCT currency_id, day FROM numbered
                     WHERE currency_id <> %(currency)s) asked
              LEFT JOIN LATERAL (%(their_rate)s) theirs ON TRUE
              LEFT JOIN LATERAL (%(own_rate)s) own ON TRUE
        ), converted AS (
            SELECT n.*,
                   CASE WHEN n.currency_id = %(currency)s THEN 1 ELSE rated.factor END AS factor,
                   encode(sha256(convert_to(concat_ws(chr(31),
                       customer_key, to_char(day, 'YYYY-MM-DD'), amount::text, currency, reference,
                       row_number() OVER (
                           PARTITION BY customer_key, day, amount, currency, reference
                           ORDER BY row_no)
                   ), 'UTF8')), 'hex') AS import_key
              FROM numbered n
              LEFT JOIN rated USING (currency_id, day)
        )
        SELECT c.row_no, c.ref, c.email, c.vat, c.vat_key, c.name, c.name_key,
               c.day, c.amount, c.currency_id, c.currency, c.reference, c.import_key,
               %(amount)s AS company_amount,
               %(margin)s AS company_margin,
               h.id IS NOT NULL AS known,
               md5(concat_ws(chr(31), c.ref, c.email, c.vat_key, c.name_key)) AS who,
               CASE WHEN c.reason IS NOT NULL THEN c.reason
                    WHEN h.id IS NOT NULL THEN NULL
                    WHEN c.factor IS NULL THEN 'rate'
                    WHEN %(amount)s = 0 THEN 'zero' END AS reason
          FROM converted c
          LEFT JOIN customer_purchase_history h
            ON h.company_id = %(company)s AND h.import_key = c.import_key""",
        good=table("good"),
        row=table("row"),
        currency=scope.currency_id,
        their_rate=_rate_sql(scope, SQL("asked.currency_id")),
        own_rate=_rate_sql(scope, SQL("%s::integer", scope.currency_id), base=True),
        amount=_rounded_sql(scope, SQL("c.amount")),
        margin=_rounded_sql(scope, SQL("c.margin")),
        company=scope.company_id,
    ))


def _rate_sql(scope, currency, base=False):
    """SQL: one row with the rate of a currency on ``asked.day``, by Odoo's order of companies.

    A rate that begins later says nothing about that day. Only the company's own currency may
    have no rates at all: the others are then counted in it.
    """
    rates = SQL(
        """FROM res_currency_rate r
          WHERE r.currency_id = %s AND (r.company_id IS NULL OR r.company_id = %s)""",
        currency, scope.root_company_id,
    )
    query = SQL(
        "(SELECT r.rate %s AND r.name <= asked.day ORDER BY r.company_id, r.name DESC LIMIT 1)", rates
    )
    if base:
        return SQL(
            "SELECT COALESCE(%s, CASE WHEN NOT EXISTS (SELECT 1 %s) THEN 1 END) AS rate", query, rates
        )
    return SQL("SELECT %s AS rate", query)


def _rounded_sql(scope, amount):
    """SQL: an amount of ``converted c`` in company currency, rounded as that currency rounds."""
    return SQL(
        "trim_scale(ROUND(%(amount)s * c.factor / %(unit)s::numeric) * %(unit)s::numeric)",
        amount=amount, unit=str(scope.rounding),
    )


def _gather_customers(cr):
    """Fill ``who`` with the different customers that rows to be imported name.

    Rows without an amount name customers too: somebody who got something for nothing is known.
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %s ON COMMIT DROP AS
        SELECT who, min(row_no) AS first_row, ref, email, vat_key, name_key,
               (array_agg(vat ORDER BY row_no))[1] AS vat,
               (array_agg(name ORDER BY row_no))[1] AS name,
               NULL::integer AS partner_id, NULL::integer AS matches,
               NULL::text AS state, NULL::text AS via, FALSE AS creates
          FROM %s
         WHERE NOT known AND (reason IS NULL OR reason = 'zero')
         GROUP BY who, ref, email, vat_key, name_key""",
        table("who"), table("good"),
    ))
    # Temporary tables have no statistics of their own.
    cr.execute(SQL("ANALYZE %s", table("good")))
    cr.execute(SQL("ANALYZE %s", table("who")))


# ---- results ---------------------------------------------------------------------------


def judged_sql():
    """SQL: every row of the file with its fate.

    ``verdict`` is 'new', 'known' (imported before) or the reason why it is not imported.
    """
    return SQL(
        """SELECT r.row_no, r.raw, r.day, r.ref, r.email, r.vat, r.name, r.reference,
                  r.amount, r.currency, r.detail,
                  r.product, r.product_name, r.quantity, r.price, r.country,
                  g.company_amount, g.company_margin, g.currency_id, g.import_key,
                  w.partner_id, w.via, w.matches,
                  CASE WHEN g.row_no IS NULL THEN r.reason
                       WHEN g.reason IS NOT NULL THEN g.reason
                       WHEN g.known THEN 'known'
                       WHEN w.state <> 'found' THEN w.state
                       ELSE 'new' END AS verdict
             FROM %s r
             LEFT JOIN %s g ON g.row_no = r.row_no
             LEFT JOIN %s w ON w.who = g.who""",
        table("row"), table("good"), table("who"),
    )


def count_verdicts(cr):
    """Return {verdict: (rows, amount in company currency, first row numbers)}."""
    cr.execute(SQL(
        """SELECT verdict, count(*), COALESCE(sum(company_amount), 0),
                  (array_agg(row_no ORDER BY row_no))[1:5]
             FROM (%s) judged GROUP BY verdict""",
        judged_sql(),
    ))
    return {verdict: (rows, amount, first) for verdict, rows, amount, first in cr.fetchall()}


def count_customers(cr):
    """Return how many customers the new purchases belong to."""
    cr.execute(SQL(
        "SELECT count(DISTINCT partner_id) FROM (%s) judged WHERE verdict = 'new'", judged_sql()
    ))
    return cr.fetchone()[0]


def read_judged(cr, after, limit, only_refused=False):
    """Return up to ``limit`` judged rows after row number ``after``, as dicts in file order."""
    refused = SQL("verdict NOT IN ('new', 'known')") if only_refused else SQL("TRUE")
    cr.execute(SQL(
        "SELECT * FROM (%s) judged WHERE row_no > %s AND %s ORDER BY row_no LIMIT %s",
        judged_sql(), after, refused, limit,
    ))
    return cr.dictfetchall()


def store(cr, scope, user_id, file_name, now):
    """Write the new purchases; return their number and the ids of their customers."""
    cr.execute(SQL(
        """WITH added AS (
            INSERT INTO customer_purchase_history (
                company_id, partner_id, date, reference, amount, has_margin, margin,
                amount_currency, original_currency_id, import_key, import_file,
                create_uid, create_date, write_uid, write_date)
            SELECT %(company)s, partner_id, day, NULLIF(reference, ''), company_amount,
                   company_margin IS NOT NULL, company_margin,
                   CASE WHEN currency_id <> %(currency)s THEN amount END,
                   CASE WHEN currency_id <> %(currency)s THEN currency_id END, import_key,
                   %(file)s, %(user)s, %(now)s, %(user)s, %(now)s
              FROM (%(judged)s) judged
             WHERE verdict = 'new'
             ORDER BY row_no
            ON CONFLICT (company_id, import_key) WHERE import_key IS NOT NULL DO NOTHING
            RETURNING partner_id
        )
        SELECT count(*), array_agg(DISTINCT partner_id) FROM added""",
        company=scope.company_id, currency=scope.currency_id, file=file_name, user=user_id, now=now,
        judged=judged_sql(),
    ))
    number, partner_ids = cr.fetchone()
    return number, partner_ids or []
