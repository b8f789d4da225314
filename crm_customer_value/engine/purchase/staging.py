"""From rows of a file to purchases: temporary tables, filled and judged by sets.

Everything up to ``store`` happens in temporary tables only.

    row       every row of the file, as understood
    good      rows with a date and an amount, and the purchase they are part of
    purchase  what they make: each row one, or all lines of a document together

and those of ``source_file.staging``.
"""

from typing import NamedTuple

from odoo.tools import SQL

from ..fact.facts import is_amount_sql
from ..source_file.staging import table, who_sql

TABLES = ("good", "purchase")
# Of the table of rows, in the order of ``values.PurchaseReader``.
COLUMNS = {
    "row_no": "integer", "raw": "text", "ref": "text", "email": "text", "vat": "text", "name": "text",
    "day": "date", "amount": "numeric", "margin": "numeric", "cost": "numeric", "currency_id": "integer",
    "currency": "text", "reference": "text", "reason": "text", "detail": "text", "product": "text",
    "product_name": "text", "quantity": "numeric", "price": "numeric", "country": "text",
}


class StagingScope(NamedTuple):
    """Whose purchases these are, and how customers are recognised."""

    company_id: int
    company_ids: list  # the company and those above it, whose partners it shares
    root_company_id: int
    currency_id: int
    rounding: float
    match_order: tuple
    create_customers: bool
    has_lines: bool = False  # whether rows tell what was bought
    joins_lines: bool = False  # whether rows of one document are one purchase
    create_products: bool = False


def gather_purchases(cr, scope):
    """Fill ``good`` and ``purchase``: what belongs together, in company currency, and what is known.

    Lines of one document are one purchase: same number, customer, day and currency. Without a number,
    those of a customer and day.
    """
    purchase = SQL("r.row_no")
    if scope.joins_lines:
        purchase = SQL(
            """min(r.row_no) OVER (PARTITION BY COALESCE(w.partner_id::text, w.who::text),
                                                r.day, r.currency_id, COALESCE(r.reference, ''))"""
        )
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(good)s ON COMMIT DROP AS
        SELECT r.row_no, %(purchase)s AS purchase, w.who, w.partner_id, r.day, trim_scale(r.amount) AS amount,
               COALESCE(r.margin, r.amount - r.cost) AS margin, r.currency_id, r.currency,
               COALESCE(r.reference, '') AS reference, FALSE AS spoilt
          FROM %(row)s r
          JOIN %(who_table)s w ON w.who = %(who)s
         WHERE r.reason IS NULL OR r.reason = 'zero'""",
        good=table("good"), row=table("row"), who_table=table("who"), who=who_sql(), purchase=purchase,
    ))
    cr.execute(SQL("ANALYZE %s", table("good")))
    if scope.joins_lines:
        _refuse_documents(cr)
    _add_up(cr, scope)
    _note_old_keys(cr, scope)
    _find_known(cr, scope)


def _refuse_documents(cr):
    """Note the lines of documents that are not complete, because another line of them is refused.

    Such a line has the same number and customer (or names none) and, as far as it tells one, the same
    day. Without a number, it has the same customer and day.
    """
    cr.execute(SQL(
        """WITH refused AS (
            SELECT %(who)s AS who, r.day, COALESCE(r.reference, '') AS reference,
                   concat(r.ref, r.email, r.vat, r.name) = '' AS nobody
              FROM %(row)s r
             WHERE r.reason <> 'zero'
            UNION
            SELECT g.who, g.day, g.reference, w.state = 'nobody'
              FROM %(good)s g JOIN %(who_table)s w ON w.who = g.who
             WHERE w.state <> 'found'
        )
        UPDATE %(good)s g SET spoilt = TRUE
          FROM refused
         WHERE refused.reference = g.reference
           AND (refused.day = g.day OR refused.day IS NULL AND refused.reference <> '')
           AND (refused.who = g.who OR refused.nobody AND refused.reference <> '')""",
        good=table("good"), row=table("row"), who_table=table("who"), who=who_sql(),
    ))


def _add_up(cr, scope):
    """Fill ``purchase`` with the sums, in the currency of the file and in that of the company."""
    total = SQL(
        "SELECT row_no AS purchase, 1 AS rows, amount, amount AS largest, margin, spoilt FROM %s", table("good")
    )
    if scope.joins_lines:
        total = SQL(
            """SELECT purchase, count(*) AS rows, trim_scale(sum(amount)) AS amount, max(abs(amount)) AS largest,
                      CASE WHEN bool_and(margin IS NOT NULL) THEN sum(margin) END AS margin, bool_or(spoilt) AS spoilt
                 FROM %s GROUP BY purchase""",
            table("good"),
        )
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(purchase)s ON COMMIT DROP AS
        WITH rated AS (
            SELECT asked.currency_id, asked.day, own.rate / NULLIF(theirs.rate, 0) AS factor
              FROM (SELECT DISTINCT currency_id, day FROM %(good)s
                     WHERE currency_id <> %(currency)s) asked
              LEFT JOIN LATERAL (%(their_rate)s) theirs ON TRUE
              LEFT JOIN LATERAL (%(own_rate)s) own ON TRUE
        ), converted AS (
            SELECT total.*, g.who, g.partner_id, g.day, g.currency_id, g.currency, g.reference,
                   CASE WHEN g.currency_id = %(currency)s THEN 1 ELSE rated.factor END AS factor
              FROM (%(total)s) total
              JOIN %(good)s g ON g.row_no = total.purchase
              LEFT JOIN rated ON rated.currency_id = g.currency_id AND rated.day = g.day
        )
        SELECT c.purchase, c.rows, c.spoilt, c.who, c.partner_id, c.day, c.amount, c.currency_id, c.currency,
               c.reference, c.factor, %(amount)s AS company_amount,
               CASE WHEN %(margin_counts)s THEN %(margin)s END AS company_margin,
               %(key)s AS import_key, NULL::text AS old_import_key,
               FALSE AS known, FALSE AS changed,
               CASE WHEN c.amount = 0 THEN 'zero'
                    WHEN c.factor IS NULL THEN 'rate'
                    WHEN NOT (%(amount_counts)s) THEN 'amount'
                    WHEN %(amount)s = 0 THEN 'zero' END AS reason
          FROM converted c""",
        purchase=table("purchase"),
        good=table("good"),
        total=total,
        currency=scope.currency_id,
        their_rate=_rate_sql(scope, SQL("asked.currency_id")),
        own_rate=_rate_sql(scope, SQL("%s::integer", scope.currency_id), base=True),
        amount=_rounded_sql(scope, SQL("c.amount")),
        margin=_rounded_sql(scope, SQL("c.margin")),
        # Converted into a currency of small units, an amount may become one that no column holds.
        # So may that of a line, although those of its document add up to less.
        amount_counts=SQL(" AND ").join(
            is_amount_sql(_rounded_sql(scope, amount)) for amount in (SQL("c.amount"), SQL("c.largest"))
        ),
        margin_counts=is_amount_sql(_rounded_sql(scope, SQL("c.margin"))),
        key=_import_key_sql(SQL("c.who::text")),
    ))
    cr.execute(SQL("ANALYZE %s (purchase, who, partner_id, day, known, reason)", table("purchase")))


def _note_old_keys(cr, scope):
    """Note the keys that versions before 19.0.1.3.0 gave purchases, where some may have been imported then."""
    cr.execute(SQL(
        """WITH keyed AS (
            SELECT c.purchase, %(key)s AS old_import_key
              FROM %(purchase)s c
              JOIN %(who_table)s w ON w.who = c.who
             WHERE EXISTS (
                SELECT FROM customer_purchase_history WHERE company_id = %(company)s AND import_key IS NOT NULL)
        )
        UPDATE %(purchase)s p SET old_import_key = keyed.old_import_key FROM keyed WHERE keyed.purchase = p.purchase""",
        key=_import_key_sql(_old_key_sql()), purchase=table("purchase"), who_table=table("who"),
        company=scope.company_id,
    ))


def _old_key_sql():
    """SQL: the customer's part of the keys that versions before 19.0.1.3.0 gave purchases."""
    return SQL(
        """CASE WHEN w.ref <> '' THEN 'ref:' || w.ref
                WHEN w.email <> '' THEN 'email:' || w.email
                WHEN w.vat_key <> '' THEN 'vat:' || w.vat_key
                ELSE 'name:' || lower(regexp_replace(btrim(w.name), '\\s+', ' ', 'g')) END"""
    )


def _import_key_sql(customer):
    """SQL: what recognises a purchase ``c`` when the same rows come again.

    Among equal purchases of a file the first, second … get different keys: two equal rows are two
    purchases, and the same two when the file comes again.
    """
    return SQL(
        """encode(sha256(convert_to(concat_ws(chr(31),
               %(customer)s, to_char(c.day, 'YYYY-MM-DD'), c.amount::text, c.currency, c.reference,
               row_number() OVER (
                   PARTITION BY %(customer)s, c.day, c.amount, c.currency, c.reference ORDER BY c.purchase)
           ), 'UTF8')), 'hex')""",
        customer=customer,
    )


def _find_known(cr, scope):
    """Note which purchases were imported before.

    Known is what comes again as it was written. Known is also what the customer who was found
    bought on that day for that amount under that number, whatever the file calls the customer:
    as many times as it was imported.

    A document of lines whose number is known with another amount was ``changed``.
    """
    cr.execute(SQL(
        """WITH written AS (
            SELECT p.purchase, COALESCE(same.id, old.id) AS history
              FROM %(purchase)s p
              LEFT JOIN customer_purchase_history same
                ON same.company_id = %(company)s AND same.import_key = p.import_key
              LEFT JOIN customer_purchase_history old
                ON old.company_id = %(company)s AND old.import_key = p.old_import_key
             WHERE same.id IS NOT NULL OR old.id IS NOT NULL
        ), stored AS (
            SELECT partner.commercial_partner_id AS partner_id, h.date AS day, COALESCE(h.reference, '') AS reference,
                   COALESCE(h.original_currency_id, %(currency)s) AS currency_id,
                   CASE WHEN h.original_currency_id IS NULL THEN h.amount ELSE h.amount_currency END AS amount,
                   count(*) AS times
              FROM customer_purchase_history h
              JOIN res_partner partner ON partner.id = h.partner_id
             WHERE h.company_id = %(company)s AND h.import_key IS NOT NULL
               AND h.date IN (SELECT day FROM %(purchase)s)
               AND NOT EXISTS (SELECT FROM written WHERE written.history = h.id)
             GROUP BY 1, 2, 3, 4, 5
        ), numbered AS (
            SELECT p.purchase, p.partner_id, p.day, p.reference, p.currency_id,
                   CASE WHEN p.currency_id = %(currency)s THEN p.company_amount ELSE p.amount END AS amount,
                   row_number() OVER (
                       PARTITION BY p.partner_id, p.day, p.reference, p.currency_id,
                                    CASE WHEN p.currency_id = %(currency)s THEN p.company_amount ELSE p.amount END
                       ORDER BY p.purchase) AS number
              FROM %(purchase)s p
             WHERE p.partner_id > 0 AND NOT EXISTS (SELECT FROM written WHERE written.purchase = p.purchase)
        ), known AS (
            SELECT purchase FROM written
            UNION
            SELECT n.purchase
              FROM numbered n
              JOIN stored USING (partner_id, day, reference, currency_id, amount)
             WHERE n.number <= stored.times
        ), noted AS (
            UPDATE %(purchase)s p SET known = TRUE FROM known WHERE known.purchase = p.purchase AND p.amount <> 0
        )
        UPDATE %(purchase)s p SET changed = TRUE
          FROM numbered n
         WHERE %(joins_lines)s AND n.purchase = p.purchase AND n.reference <> ''
           AND NOT EXISTS (SELECT FROM known WHERE known.purchase = p.purchase)
           AND EXISTS (
            SELECT FROM stored
             WHERE stored.partner_id = n.partner_id AND stored.day = n.day AND stored.reference = n.reference)""",
        purchase=table("purchase"), company=scope.company_id, currency=scope.currency_id,
        joins_lines=scope.joins_lines,
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


# ---- results ---------------------------------------------------------------------------


def judged_sql():
    """SQL: every row of the file with its fate.

    ``verdict`` is 'new', 'known' (imported before) or the reason why it is not imported.
    """
    return SQL(
        """SELECT r.row_no, r.raw, r.day, r.ref, r.email, r.vat, r.name, r.reference,
                  r.amount, r.currency, r.detail,
                  r.product, r.product_name, r.quantity, r.price, r.country,
                  CASE WHEN p.rows = 1 THEN p.company_amount ELSE trim_scale(g.amount * p.factor) END AS company_amount,
                  CASE WHEN p.rows = 1 THEN p.company_margin ELSE trim_scale(g.margin * p.factor) END AS company_margin,
                  p.partner_id, p.purchase, w.who, w.via, w.matches, w.aside, w.aside_kind, w.aside_why, w.shared,
                  CASE WHEN g.row_no IS NULL THEN r.reason
                       WHEN p.known THEN 'known'
                       WHEN p.reason IS NOT NULL THEN p.reason
                       WHEN w.state <> 'found' THEN w.state
                       WHEN p.spoilt THEN 'document'
                       WHEN p.changed THEN 'changed'
                       ELSE 'new' END AS verdict
             FROM %s r
             LEFT JOIN %s g ON g.row_no = r.row_no
             LEFT JOIN %s p ON p.purchase = g.purchase
             LEFT JOIN %s w ON w.who = g.who""",
        table("row"), table("good"), table("purchase"), table("who"),
    )


def new_purchases_sql():
    """SQL: the purchases to be written."""
    return SQL(
        """SELECT p.* FROM %s p
             JOIN %s w ON w.who = p.who
            WHERE w.state = 'found' AND p.reason IS NULL AND NOT p.known AND NOT p.spoilt AND NOT p.changed""",
        table("purchase"), table("who"),
    )


def count_purchases(cr):
    """Return (purchases, customers, amount in company currency) of what is to be written."""
    cr.execute(SQL(
        "SELECT count(*), count(DISTINCT partner_id), COALESCE(sum(company_amount), 0) FROM (%s) added",
        new_purchases_sql(),
    ))
    return cr.fetchone()


def store(cr, scope, user_id, file_name, now, batch_id=None):
    """Write the new purchases; return their number, that of their rows and the ids of their customers.

    :param int batch_id: of the record of this import
    """
    lines = SQL("")
    if scope.has_lines:
        lines = SQL(
            """, lines AS (
                INSERT INTO customer_purchase_history_line (
                    purchase_id, company_id, partner_id, product_id, product_code, product_name,
                    quantity, price_unit, amount, create_uid, create_date, write_uid, write_date)
                SELECT added.id, %(company)s, added.partner_id, item.product_id, NULLIF(r.product, ''),
                       NULLIF(r.product_name, ''), r.quantity,
                       trim_scale(round(COALESCE(r.price, r.amount / NULLIF(r.quantity, 0)) * wanted.factor, 6)),
                       trim_scale(round(g.amount * wanted.factor, 6)),
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM added
                  JOIN wanted ON wanted.import_key = added.import_key
                  JOIN %(good)s g ON g.purchase = wanted.purchase
                  JOIN %(row)s r ON r.row_no = g.row_no
                  LEFT JOIN %(item)s item ON item.product = r.product AND item.product_name = r.product_name
                 ORDER BY g.row_no
            )""",
            company=scope.company_id, user=user_id, now=now, good=table("good"), row=table("row"), item=table("item"),
        )
    cr.execute(SQL(
        """WITH wanted AS (%(new)s), added AS (
            INSERT INTO customer_purchase_history (
                company_id, partner_id, date, reference, amount, has_margin, margin,
                amount_currency, original_currency_id, import_key, import_file, batch_id,
                create_uid, create_date, write_uid, write_date)
            SELECT %(company)s, partner_id, day, NULLIF(reference, ''), company_amount,
                   company_margin IS NOT NULL, company_margin,
                   CASE WHEN currency_id <> %(currency)s THEN amount END,
                   CASE WHEN currency_id <> %(currency)s THEN currency_id END, import_key,
                   %(file)s, %(batch)s, %(user)s, %(now)s, %(user)s, %(now)s
              FROM wanted
             ORDER BY purchase
            ON CONFLICT (company_id, import_key) WHERE import_key IS NOT NULL DO NOTHING
            RETURNING id, partner_id, import_key
        )%(lines)s
        SELECT count(*), sum(wanted.rows), array_agg(DISTINCT added.partner_id)
          FROM added JOIN wanted ON wanted.import_key = added.import_key""",
        company=scope.company_id, currency=scope.currency_id, file=file_name, batch=batch_id, user=user_id, now=now,
        new=new_purchases_sql(), lines=lines,
    ))
    purchases, rows, partner_ids = cr.fetchone()
    return purchases, int(rows or 0), partner_ids or []
