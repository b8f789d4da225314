"""Which products the rows of a file mean: found by code, barcode or name.

Works on the temporary tables of ``staging``.
"""

from odoo.tools import SQL

from .customers import ref_sql
from .staging import readable_sql, table


def find_products(cr, scope, products):
    """Fill ``item`` with the different products of the file, and find them.

    A code wins over a barcode and that over a name; spelling and zeros at the beginning make no
    difference where there is only one.

    :param SQL products: a subselect of the ids of the products the user may see
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(item)s ON COMMIT DROP AS
        SELECT named.*, code.ref_key AS code, code.ref_loose AS code_loose,
               %(name_key)s AS name_key, %(code_name)s AS code_name, NULL::integer AS product_id,
               FALSE AS several, NULL::integer AS leader
          FROM (
            SELECT min(row_no) AS first_row, product, product_name
              FROM %(row)s r
             WHERE (product <> '' OR product_name <> '') AND %(readable)s
             GROUP BY product, product_name
          ) named
         CROSS JOIN LATERAL %(code)s code""",
        item=table("item"), row=table("row"), readable=readable_sql(SQL("r")), code=ref_sql(SQL("named.product")),
        name_key=_name_sql(SQL("named.product_name")), code_name=_name_sql(SQL("named.product")),
    ))
    cr.execute(SQL("ANALYZE %s", table("item")))
    _gather_keys(cr)
    _gather_offers(cr, scope, products)
    cr.execute(SQL(
        """WITH ranked AS (
            SELECT a.first_row, o.id,
                   rank() OVER (PARTITION BY a.first_row
                                ORDER BY a.position, (o.code = a.code) DESC, o.active DESC) AS place
              FROM %(key)s a
              JOIN %(offer)s o ON o.kind = a.kind AND o.value = a.value
        ), found AS (
            SELECT first_row, count(DISTINCT id) AS matches, min(id) AS id
              FROM ranked WHERE place = 1 GROUP BY first_row
        )
        UPDATE %(item)s i
           SET product_id = CASE WHEN found.matches = 1 THEN found.id END, several = found.matches > 1
          FROM found WHERE found.first_row = i.first_row""",
        item=table("item"), key=table("item_key"), offer=table("item_offer"),
    ))


def _gather_keys(cr):
    """Fill ``item_key`` with what each product of the file may be found by, the better ones first."""
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(key)s ON COMMIT DROP AS
        SELECT i.first_row, i.code, k.*
          FROM %(item)s i
         CROSS JOIN LATERAL (VALUES
            (1, 'code', i.code_loose), (2, 'barcode', i.code_loose), (3, 'name', i.name_key), (4, 'name', i.code_name)
         ) k(position, kind, value)
         WHERE k.value <> ''""",
        key=table("item_key"), item=table("item"),
    ))
    cr.execute(SQL("ANALYZE %s", table("item_key")))


def _gather_offers(cr, scope, products):
    """Fill ``item_offer`` with the products there are, by each code, barcode and name.

    Right after an import the planner knows nothing of the products that it created, and would compare each of them
    with each product of the file. Of a table of its own it knows how many there are.
    """
    cr.execute(SQL(
        """CREATE TEMPORARY TABLE %(offer)s ON COMMIT DROP AS
        SELECT p.id, p.active AND t.active AS active, own.kind, own.code, own.value
          FROM product_product p
          JOIN product_template t ON t.id = p.product_tmpl_id
         CROSS JOIN LATERAL (
            SELECT 'code' AS kind, c.ref_key AS code, c.ref_loose AS value
              FROM %(default_code)s c WHERE p.default_code <> ''
            UNION ALL
            SELECT 'barcode', c.ref_key, c.ref_loose FROM %(barcode)s c WHERE p.barcode <> ''
            UNION ALL
            SELECT 'name', '', %(name)s FROM jsonb_each_text(t.name) translated
         ) own
         WHERE (t.company_id IS NULL OR t.company_id = ANY(%(companies)s))
           AND p.id IN %(products)s
           AND own.value <> ''""",
        offer=table("item_offer"), companies=list(scope.company_ids), products=products,
        default_code=ref_sql(SQL("p.default_code")), barcode=ref_sql(SQL("p.barcode")),
        name=_name_sql(SQL("translated.value")),
    ))
    cr.execute(SQL("ANALYZE %s", table("item_offer")))


def _name_sql(text):
    """SQL: a product's name without case and needless blanks."""
    return SQL("lower(regexp_replace(btrim(normalize(%s, NFKC)), '\\s+', ' ', 'g'))", text)
