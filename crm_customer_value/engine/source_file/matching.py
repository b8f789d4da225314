"""Which customers the rows of a file mean: found by reference, e-mail, VAT or name.

Works on the temporary tables of ``staging``; the number of statements does not depend on
the number of rows or customers.

    who_key    by what each customer of the file could be found: reference, addresses, VAT, names
    match_key  the same of partners, as far as the file asks for it
    match      those partners (contacts), with all that can contradict a row; negative ids are
               customers yet to be created
"""

from odoo.tools import SQL

from .customers import alike_sql, email_sql, name_sql, ref_sql, vat_sql, words_sql
from .staging import table

# Columns that a customer of the file and a partner have in common.
KEY_COLUMNS = SQL(
    "ref_exact, ref_key, ref_loose, vat_key, vat_number, vat_loose, vat_country, emails, name_key, words, reach,"
    " country_code"
)


def find_customers(cr, scope, partners):
    """Find the customers, and note those to be created.

    :param SQL partners: a subselect of the ids of the partners the user may see
    """
    keys = scope.match_order
    _note_keys(cr, keys)
    _gather_candidates(cr, scope, partners)
    _match_all(cr, keys)
    cr.execute(SQL(
        "UPDATE %s w SET state = 'nobody' WHERE state IS NULL AND NOT EXISTS (SELECT FROM %s k WHERE k.who = w.who)",
        table("who"), table("who_key"),
    ))
    if scope.create_customers:
        imagine_customers(cr, keys)
    cr.execute(SQL(
        """UPDATE %s SET state = CASE WHEN shared = '{}' THEN 'unknown' ELSE 'shared' END, open = TRUE
            WHERE state IS NULL""",
        table("who"),
    ))
    cr.execute(SQL("ANALYZE %s", table("who")))


def _note_keys(cr, keys):
    """Fill ``who_key``; note the keys that customers of different names use.

    ``level`` tells the name itself (0) from "Last, First" (1) and the company before a contact (2).
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(who_key)s ON COMMIT DROP AS
        SELECT w.who, k.kind, k.value, k.level, FALSE AS shared
          FROM %(who)s w
         CROSS JOIN LATERAL (
            SELECT 'ref' AS kind, ref_loose AS value, 0 AS level
             UNION ALL SELECT 'email', address, 0 FROM unnest(emails) address
             UNION ALL SELECT 'vat', vat_loose, 0
             UNION ALL SELECT 'name', name_key, 0
             UNION ALL SELECT 'name', name_swapped, 1
             UNION ALL SELECT 'name', name_company, 2
         ) k
         WHERE k.value <> '' AND k.kind = ANY(%(keys)s)""",
        who_key=table("who_key"), who=table("who"), keys=list(keys),
    ))
    cr.execute(SQL("ANALYZE %s", table("who_key")))
    cr.execute(SQL(
        """WITH named AS (
            SELECT k.kind, k.value, w.words, w.reach, w.name_company, min(w.first_row) AS first_row
              FROM %(who_key)s k
              JOIN %(who)s w ON w.who = k.who
             WHERE k.kind <> 'name' AND w.words <> '{}'
             GROUP BY k.kind, k.value, w.words, w.reach, w.name_company
        ), first AS (
            SELECT DISTINCT ON (kind, value) * FROM named ORDER BY kind, value, first_row
        ), used AS (
            SELECT DISTINCT named.kind, named.value
              FROM named
              JOIN first ON first.kind = named.kind AND first.value = named.value
             WHERE NOT %(alike)s AND (named.name_company = '' OR named.name_company <> first.name_company)
        ), noted AS (
            UPDATE %(who_key)s k SET shared = TRUE FROM used WHERE used.kind = k.kind AND used.value = k.value
            RETURNING k.who, k.kind
        )
        UPDATE %(who)s w SET shared = noted.kinds
          FROM (SELECT who, array_agg(DISTINCT kind) AS kinds FROM noted GROUP BY who) noted
         WHERE noted.who = w.who""",
        who_key=table("who_key"), who=table("who"), alike=alike_sql(SQL("named"), SQL("first")),
    ))
    cr.execute(SQL(
        """UPDATE %(who)s w SET mixed = TRUE
             FROM (SELECT ref_loose FROM %(who)s WHERE ref_loose <> ''
                    GROUP BY ref_loose HAVING count(DISTINCT translate(ref_key, '.,', '')) > 1) written
            WHERE written.ref_loose = w.ref_loose""",
        who=table("who"),
    ))


def _gather_candidates(cr, scope, partners):
    """Fill ``match_key`` and ``match`` with the partners that have a key the file asks for.

    Partners of other companies are never found, but the user is told of them.
    """
    # The normalized address is only the first of several.
    emails = SQL(
        """CASE WHEN p.email LIKE %s
                THEN ARRAY(SELECT found[1] FROM regexp_matches(lower(p.email), %s, 'g') found)
                ELSE ARRAY[lower(p.email_normalized)] END""",
        "%@%@%", r'[^\s<>,;"]+@[^\s<>,;"]+',
    )
    own_keys = {
        "ref": SQL("SELECT 'ref' AS kind, ref_loose AS value FROM %s own WHERE p.ref <> ''", ref_sql(SQL("p.ref"))),
        "email": SQL(
            "SELECT 'email' AS kind, address AS value FROM unnest(%s) address WHERE %s",
            emails, email_sql(SQL("address")),
        ),
        "vat": SQL(
            "SELECT 'vat' AS kind, vat_loose AS value FROM %s own WHERE p.vat <> ''", vat_sql(SQL("p.vat"), SQL("NULL"))
        ),
        "name": SQL(
            """SELECT 'name' AS kind, %s AS value
                UNION ALL SELECT 'name', %s WHERE p.complete_name <> p.name""",
            name_sql(SQL("p.name")), name_sql(SQL("p.complete_name")),
        ),
    }
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(match_key)s ON COMMIT DROP AS
        SELECT p.id AS contact, own.kind, own.value
          FROM res_partner p
         CROSS JOIN LATERAL (%(own_keys)s) own
         WHERE (own.kind, own.value) IN (SELECT kind, value FROM %(who_key)s)
           AND p.id IN %(partners)s""",
        match_key=table("match_key"), who_key=table("who_key"), partners=partners,
        own_keys=SQL(" UNION ALL ").join(own_keys[key] for key in scope.match_order),
    ))
    cr.execute(SQL("ANALYZE %s", table("match_key")))
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(match)s ON COMMIT DROP AS
        SELECT p.id AS contact, customer.id AS partner_id, p.active AND customer.active AS active,
               p.is_company,
               NOT (COALESCE(p.company_id, %(company)s) = ANY(%(companies)s)
                    AND COALESCE(customer.company_id, %(company)s) = ANY(%(companies)s)) AS elsewhere,
               COALESCE(customer.company_id, p.company_id) AS company_id,
               COALESCE(p.complete_name, p.name) AS display,
               COALESCE(NULLIF(btrim(p.ref), ''), customer.ref) AS ref, COALESCE(p.vat, customer.vat) AS vat,
               p.email,
               r.*, v.*, e.emails, n.name_key, spelled.*, country.code AS country_code
          FROM (SELECT DISTINCT contact FROM %(match_key)s) wanted
          JOIN res_partner p ON p.id = wanted.contact
          JOIN res_partner customer ON customer.id = p.commercial_partner_id
          LEFT JOIN res_country country ON country.id = COALESCE(customer.country_id, p.country_id)
         CROSS JOIN LATERAL %(ref)s r
         CROSS JOIN LATERAL %(vat)s v
         CROSS JOIN LATERAL (SELECT ARRAY(
            SELECT address FROM unnest(%(emails)s) address WHERE %(is_email)s) AS emails) e
         CROSS JOIN LATERAL (SELECT %(name)s AS name_key, %(full_name)s AS full_key OFFSET 0) n
         CROSS JOIN LATERAL %(words)s spelled""",
        match=table("match"), match_key=table("match_key"),
        company=scope.company_id, companies=list(scope.company_ids),
        ref=ref_sql(SQL("COALESCE(NULLIF(btrim(p.ref), ''), customer.ref)")),
        vat=vat_sql(SQL("COALESCE(p.vat, customer.vat)"), SQL("country.code")),
        emails=emails, is_email=email_sql(SQL("address")),
        name=name_sql(SQL("p.name")), full_name=name_sql(SQL("COALESCE(p.complete_name, p.name)")),
        words=words_sql(SQL("n.full_key")),
    ))
    cr.execute(SQL("ANALYZE %s", table("match")))


def _match_all(cr, keys):
    """Look for the customers that are still open by each key in turn.

    A partner of whom the row says something else (another VAT, another reference, for a name also
    another address) is somebody else. Among partners with the same key the one counts of whom the row says
    most; archived ones count only where there is no other.
    """
    cr.execute(SQL(
        """WITH pair AS (
            SELECT w.who, k.kind, found.contact, min(k.level) AS level, bool_and(k.shared) AS shared
              FROM %(who)s w
              JOIN %(who_key)s k ON k.who = w.who
              JOIN %(match_key)s found ON found.kind = k.kind AND found.value = k.value
             WHERE w.state IS NULL
             GROUP BY w.who, k.kind, found.contact
        ), compared AS (
            SELECT pair.who, pair.kind, pair.contact, pair.shared, m.partner_id, m.active, m.is_company, m.elsewhere,
                   array_position(%(keys)s, pair.kind) AS position,
                   CASE pair.kind
                       WHEN 'ref' THEN CASE WHEN w.ref_exact = m.ref_exact THEN 0 WHEN w.ref_key = m.ref_key THEN 1
                                            ELSE 2 END
                       WHEN 'vat' THEN CASE WHEN w.vat_key = m.vat_key THEN 0 WHEN w.vat_number = m.vat_number THEN 1
                                            ELSE 2 END
                       ELSE pair.level END AS level,
                   %(ref_known)s AND w.ref_loose = m.ref_loose AS same_ref,
                   %(ref_known)s AND w.ref_loose <> m.ref_loose AS other_ref,
                   %(vat_known)s AND w.vat_loose = m.vat_loose AND NOT %(other_country)s AS same_vat,
                   %(vat_known)s AND (w.vat_loose <> m.vat_loose OR %(other_country)s) AS other_vat,
                   %(email_known)s AND w.emails && m.emails AS same_email,
                   %(email_known)s AND NOT w.emails && m.emails AS other_email,
                   w.name_key <> '' AND w.name_key = m.name_key AS same_name,
                   %(name_known)s AND %(alike)s AS alike,
                   %(name_known)s AND NOT %(alike)s AS other_name,
                   w.country_code <> m.country_code AS elsewhere_in_the_world,
                   w.vat_country IS NOT NULL AND m.vat_country IS NOT NULL AS countries_known,
                   %(other_country)s AS other_vat_country, w.mixed
              FROM pair
              JOIN %(who)s w ON w.who = pair.who
              JOIN %(match)s m ON m.contact = pair.contact
        ), judged AS (
            SELECT *,
                   8 * same_ref::int + 4 * same_vat::int + 2 * same_email::int
                       + CASE WHEN same_name THEN 2 ELSE alike::int END AS agreement,
                   CASE WHEN elsewhere THEN 'company'
                        WHEN shared AND NOT alike THEN 'shared'
                        WHEN kind <> 'ref' AND other_ref THEN 'ref'
                        WHEN kind = 'vat' AND other_vat_country THEN 'country'
                        WHEN kind <> 'vat' AND other_vat THEN 'vat'
                        WHEN kind = 'ref' AND level = 2 AND (other_name OR mixed AND NOT alike) THEN 'looks'
                        WHEN kind = 'vat' AND level > 0 AND other_name AND NOT countries_known THEN 'looks'
                        WHEN kind = 'name' AND level = 1 AND is_company THEN 'name'
                        WHEN kind = 'name' AND level = 2 AND NOT is_company THEN 'name'
                        WHEN kind = 'name' AND other_email AND NOT is_company THEN 'email'
                        WHEN kind = 'name' AND elsewhere_in_the_world THEN 'country'
                        END AS why
              FROM compared
        ), ranked AS (
            SELECT *, rank() OVER (PARTITION BY who ORDER BY position, level, agreement DESC, active DESC) AS place
              FROM judged WHERE why IS NULL
        ), found AS (
            SELECT who, count(DISTINCT partner_id) AS matches, min(partner_id) AS partner_id, min(kind) AS kind,
                   min(position) AS position, min(level) AS level, min(contact) AS contact, bool_or(active) AS active
              FROM ranked WHERE place = 1 GROUP BY who
        ), aside AS (
            SELECT DISTINCT ON (who) who, contact, kind, why, position, strong
              FROM (
                SELECT *,
                       CASE WHEN why = 'looks' THEN 'doubtful'
                            WHEN why = 'shared' AND kind IN ('ref', 'vat') THEN 'shared'
                            WHEN why IN ('ref', 'vat', 'country') AND (
                                kind IN ('ref', 'vat') OR kind = 'email' AND same_name) THEN 'contradiction'
                            END AS strong
                  FROM judged WHERE why IS NOT NULL AND why <> 'name'
              ) doubted
             ORDER BY who, strong = 'contradiction' DESC NULLS LAST, strong IS NULL, position, level, contact
        ), fate AS (
            SELECT COALESCE(found.who, aside.who) AS who,
                   CASE WHEN aside.strong = 'contradiction' AND aside.position < COALESCE(found.position, 9)
                        THEN aside.strong
                        WHEN found.matches = 1 THEN 'found'
                        WHEN found.matches > 1 THEN 'ambiguous'
                        ELSE aside.strong END AS state,
                   found.matches, found.partner_id, found.kind, found.level, found.contact, found.active,
                   aside.contact AS aside, aside.kind AS aside_kind, aside.why AS aside_why
              FROM found FULL JOIN aside ON aside.who = found.who
        )
        UPDATE %(who)s w
           SET state = fate.state, matches = fate.matches,
               partner_id = CASE WHEN fate.state = 'found' THEN fate.partner_id END,
               via = fate.kind, level = fate.level, contact = fate.contact, archived = NOT fate.active,
               aside = fate.aside, aside_kind = fate.aside_kind, aside_why = fate.aside_why
          FROM fate
         WHERE fate.who = w.who""",
        who=table("who"), who_key=table("who_key"), match=table("match"), match_key=table("match_key"),
        keys=list(keys),
        # What is not asked for, and what several customers use, contradicts nothing.
        ref_known=_both_known("ref", keys, SQL("w.ref_loose <> '' AND m.ref_loose <> ''")),
        vat_known=_both_known("vat", keys, SQL("w.vat_number <> '' AND m.vat_number <> ''")),
        email_known=_both_known("email", keys, SQL("w.emails <> '{}' AND m.emails <> '{}'")),
        name_known=SQL("(w.words <> '{}' AND m.words <> '{}')"),
        alike=alike_sql(SQL("w"), SQL("m")),
        other_country=SQL("COALESCE(w.vat_country <> m.vat_country, FALSE)"),
    ))


def _both_known(key, keys, condition):
    """SQL: whether row and partner both tell ``key``, and it tells one customer."""
    return SQL("(%s AND %s AND NOT %s = ANY(w.shared))", key in keys, condition, key)


def imagine_customers(cr, keys):
    """Add the customers to be created for those that are still open, and find them."""
    for key in keys:
        if _imagine_by(cr, key):
            # What the planner knows of tables that were empty would make joins of each with each.
            cr.execute(SQL("ANALYZE %s, %s", table("match_key"), table("match")))
            _match_all(cr, keys)


def _imagine_by(cr, key):
    """Add a customer to be created for each open value of ``key``; return how many.

    Who has several addresses is added only as the first of all who use one of them: the others
    are found then. The same name in two countries is two customers.
    """
    place = SQL("w.country_code") if key == "name" else SQL("NULL::text")
    cr.execute(SQL(
        """WITH waiting AS (
            SELECT k.who, first_value(k.who) OVER (PARTITION BY k.value, %(place)s ORDER BY w.first_row) AS leader,
                   %(place)s IS NULL AND max(%(place)s) OVER (PARTITION BY k.value) IS NOT NULL AS follows
              FROM %(who_key)s k
              JOIN %(who)s w ON w.who = k.who
             WHERE w.state IS NULL AND k.kind = %(key)s AND k.level = 0 AND NOT k.shared
        ), chosen AS (
            SELECT who FROM waiting GROUP BY who HAVING bool_and(leader = who AND NOT follows)
        ), noted AS (
            UPDATE %(who)s w SET creates = TRUE FROM chosen WHERE chosen.who = w.who
            RETURNING w.*
        ), keyed AS (
            INSERT INTO %(match_key)s (contact, kind, value)
            SELECT -noted.first_row, k.kind, k.value
              FROM noted JOIN %(who_key)s k ON k.who = noted.who
             WHERE k.level = 0 AND NOT k.shared
        )
        INSERT INTO %(match)s (
            contact, partner_id, active, is_company, elsewhere, display, ref, vat, email, %(columns)s)
        SELECT -first_row, -first_row, TRUE, vat_number <> '', FALSE, COALESCE(NULLIF(name, ''), ref), ref, vat, email,
               %(columns)s
          FROM noted""",
        who=table("who"), who_key=table("who_key"), match=table("match"), match_key=table("match_key"), key=key,
        columns=KEY_COLUMNS, place=place,
    ))
    return cr.rowcount


# ---- what the user is told -------------------------------------------------------------


def notes(cr):
    """Return what was set aside or taken for the same: (code, rows, first row numbers, examples).

    Codes: 'placeholder', 'shared', 'spelling', 'name', 'archived', 'company', 'country'. Examples are up to
    three dicts of ``kind``, ``value``, ``name`` and ``other``.
    """
    cr.execute(SQL(
        """SELECT code, (sum(rows) FILTER (WHERE nth = 1))::integer,
                  (array_agg(first_row ORDER BY first_row) FILTER (WHERE nth = 1))[1:5],
                  (array_agg(DISTINCT jsonb_build_object(
                      'kind', kind, 'value', value, 'name', name, 'other', other)))[1:3]
             FROM (
              SELECT *, row_number() OVER (PARTITION BY code, first_row) AS nth FROM (
                SELECT 'placeholder' AS code, w.rows, w.first_row, k.kind, k.value, NULL AS name, NULL AS other
                  FROM %(who)s w
                 CROSS JOIN LATERAL (VALUES
                    ('ref', w.ref_exact, w.ref_key = ''), ('vat', btrim(w.vat), w.vat_number = ''),
                    ('email', w.email, w.emails = '{}'), ('name', btrim(w.name), w.name_key = '')
                 ) k(kind, value, void)
                 WHERE k.void AND k.value <> ''
                UNION ALL
                SELECT 'shared', w.rows, w.first_row, k.kind,
                       CASE k.kind WHEN 'ref' THEN w.ref_exact WHEN 'vat' THEN w.vat ELSE w.email END, NULL, NULL
                  FROM %(who)s w CROSS JOIN LATERAL unnest(w.shared) k(kind)
                UNION ALL
                SELECT 'spelling', w.rows, w.first_row, w.via, CASE w.via WHEN 'ref' THEN w.ref ELSE w.vat END,
                       m.display, CASE w.via WHEN 'ref' THEN m.ref ELSE m.vat END
                  FROM %(who)s w JOIN %(match)s m ON m.contact = w.contact
                 WHERE w.state = 'found' AND w.via IN ('ref', 'vat') AND w.level = 2 AND m.contact > 0
                UNION ALL
                SELECT 'name', w.rows, w.first_row, 'name', w.name, m.display, NULL
                  FROM %(who)s w JOIN %(match)s m ON m.contact = w.contact
                 WHERE w.state = 'found' AND w.via <> 'name' AND m.contact > 0 AND w.words <> '{}' AND m.words <> '{}'
                   AND NOT %(alike)s
                UNION ALL
                SELECT 'archived', w.rows, w.first_row, NULL, NULL, m.display, NULL
                  FROM %(who)s w JOIN %(match)s m ON m.contact = w.contact
                 WHERE w.state = 'found' AND w.archived
                UNION ALL
                SELECT 'company', w.rows, w.first_row, w.aside_kind, NULL, m.display, c.name
                  FROM %(who)s w
                  JOIN %(match)s m ON m.contact = w.aside
                  JOIN res_company c ON c.id = m.company_id
                 WHERE w.aside_why = 'company' AND (w.creates OR w.state = 'unknown')
                UNION ALL
                SELECT 'country', w.rows, w.first_row, 'country', w.country, NULL, NULL
                  FROM %(who)s w WHERE w.country <> '' AND w.country_code IS NULL
              ) told
             ) numbered
            GROUP BY code ORDER BY code""",
        who=table("who"), match=table("match"), alike=alike_sql(SQL("w"), SQL("m")),
    ))
    return cr.fetchall()
