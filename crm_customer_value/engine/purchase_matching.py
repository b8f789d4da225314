"""Which customers the rows of a file mean: found by reference, e-mail, VAT or name.

Works on the temporary tables of ``purchase_staging``; one statement a key, whatever the number
of rows.
"""

from odoo.tools import SQL

from .purchase_staging import table

# What a customer is recognised by: the column of ``who`` and ``match``.
KEYS = {"ref": "ref", "email": "email", "vat": "vat_key", "name": "name_key"}


def find_customers(cr, scope, partners):
    """Find the customers, and note those to be created.

    :param SQL partners: a subselect of the ids of the partners the user may see
    """
    keys = scope.match_order
    wanted = SQL(" OR ").join(
        SQL("%s IN (SELECT %s FROM %s WHERE %s <> '')", _partner_key(key), _key(key), table("who"), _key(key))
        for key in keys
    )
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(match)s ON COMMIT DROP AS
        SELECT customer.id AS partner_id, p.active AND customer.active AS active,
               COALESCE(NULLIF(%(ref)s, ''), btrim(customer.ref), '') AS ref,
               %(email)s AS email, %(vat)s AS vat_key, %(name)s AS name_key
          FROM res_partner p
          JOIN res_partner customer ON customer.id = p.commercial_partner_id
         WHERE p.id IN %(partners)s
           AND (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
           AND (customer.company_id IS NULL OR customer.company_id = ANY(%(companies)s))
           AND (%(wanted)s)""",
        match=table("match"),
        ref=_partner_key("ref"),
        email=_partner_key("email"),
        vat=_partner_key("vat"),
        name=_partner_key("name"),
        partners=partners,
        companies=list(scope.company_ids),
        wanted=wanted,
    ))
    cr.execute(SQL("ANALYZE %s", table("match")))
    _match_all(cr, keys)
    cr.execute(SQL(
        "UPDATE %s SET state = 'nobody' WHERE state IS NULL AND %s",
        table("who"), _all_empty(keys),
    ))
    if scope.create_customers:
        for position, key in enumerate(keys):
            if _imagine_customers(cr, keys[:position], key):
                _match_all(cr, keys)
    cr.execute(SQL("UPDATE %s SET state = 'unknown' WHERE state IS NULL", table("who")))


def _key(key):
    return SQL.identifier(KEYS[key])


def _partner_key(key):
    """SQL: what partner ``p`` is recognised by, written as in ``who``."""
    return {
        "ref": SQL("btrim(COALESCE(p.ref, ''))"),
        "email": SQL("COALESCE(p.email_normalized, '')"),
        "vat": SQL("upper(regexp_replace(COALESCE(p.vat, ''), '[^A-Za-z0-9]', '', 'g'))"),
        "name": SQL("lower(regexp_replace(btrim(COALESCE(p.name, '')), '\\s+', ' ', 'g'))"),
    }[key]


def _all_empty(keys):
    return SQL(" AND ").join([SQL("TRUE"), *(SQL("%s = ''", _key(key)) for key in keys)])


def _match_all(cr, keys):
    """Look for the open customers by each key in turn; who is found by one is not open any more.

    Archived partners count only where there is no other. A partner with another reference is
    somebody else, even if the name is the same.
    """
    for position, key in enumerate(keys):
        same_ref = SQL("TRUE")
        if "ref" in keys[:position]:
            same_ref = SQL("(w.ref = '' OR m.ref = '' OR m.ref = w.ref)")
        cr.execute(SQL(
            """UPDATE %(who)s w
                  SET partner_id = CASE WHEN found.matches = 1 THEN found.partner_id END,
                      matches = found.matches,
                      state = CASE WHEN found.matches = 1 THEN 'found' ELSE 'ambiguous' END,
                      via = %(name)s
                 FROM (
                    SELECT who, count(DISTINCT partner_id) AS matches, min(partner_id) AS partner_id
                      FROM (
                        SELECT w.who, m.partner_id,
                               rank() OVER (PARTITION BY w.who ORDER BY m.active DESC) AS place
                          FROM %(who)s w
                          JOIN %(match)s m ON m.%(key)s = w.%(key)s AND %(same_ref)s
                         WHERE w.state IS NULL AND w.%(key)s <> ''
                      ) candidate
                     WHERE place = 1
                     GROUP BY who
                 ) found
                WHERE found.who = w.who""",
            who=table("who"), match=table("match"), key=_key(key), name=key, same_ref=same_ref,
        ))


def _imagine_customers(cr, earlier, key):
    """Add a customer to be created for each open value of ``key``; return how many.

    Only for customers who cannot be told by an ``earlier`` key: those came before.
    """
    cr.execute(SQL(
        """WITH chosen AS (
            SELECT DISTINCT ON (%(key)s) who, -first_row AS partner_id, ref, email, vat_key, name_key
              FROM %(who)s
             WHERE state IS NULL AND %(key)s <> '' AND %(earlier)s
             ORDER BY %(key)s, first_row
        ), noted AS (
            UPDATE %(who)s w SET creates = TRUE FROM chosen WHERE chosen.who = w.who
        )
        INSERT INTO %(match)s (partner_id, active, ref, email, vat_key, name_key)
        SELECT partner_id, TRUE, ref, email, vat_key, name_key FROM chosen""",
        key=_key(key), who=table("who"), match=table("match"), earlier=_all_empty(earlier),
    ))
    return cr.rowcount


def customers_to_create(cr):
    """Return (imagined id, reference, e-mail, VAT, name) of every customer to be created."""
    cr.execute(SQL(
        """SELECT -first_row, ref, email, COALESCE(vat, ''), COALESCE(name, '')
             FROM %s WHERE creates ORDER BY first_row""",
        table("who"),
    ))
    return cr.fetchall()


def replace_customers(cr, pairs):
    """Put real partners in the place of imagined ones; ``pairs`` are (imagined id, real id)."""
    cr.execute(SQL(
        """UPDATE %s w SET partner_id = pair.real
             FROM UNNEST(%s, %s) AS pair(imagined, real) WHERE w.partner_id = pair.imagined""",
        table("who"), [imagined for imagined, _real in pairs], [real for _imagined, real in pairs],
    ))
