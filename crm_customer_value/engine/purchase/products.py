"""The products that lines of purchases name and that nobody knows: kept as texts, or created."""

from odoo.tools import SQL

from ..source_file.staging import table
from .staging import new_purchases_sql


def products_to_create(cr):
    """Return (leader, code, name) of every product that new purchases name and that is missing.

    Lines with the same code, or without one with the same name, have the same leader.
    """
    cr.execute(SQL(
        """WITH missing AS (
            SELECT i.*, COALESCE(NULLIF(i.code_loose, ''), coded.code_loose, 'name:' || i.name_key) AS sign
              FROM %(item)s i
              LEFT JOIN (
                SELECT name_key, min(code_loose) AS code_loose FROM %(item)s
                 WHERE code_loose <> '' AND name_key <> '' AND product_id IS NULL AND NOT several GROUP BY name_key
              ) coded ON i.code_loose = '' AND coded.name_key = i.name_key
             WHERE i.product_id IS NULL AND NOT i.several AND (i.code_loose <> '' OR i.name_key <> '')
               AND (i.product, i.product_name) IN (%(named)s)
        ), led AS (
            UPDATE %(item)s i
               SET leader = first.leader
              FROM (SELECT first_row, min(first_row) OVER (PARTITION BY sign) AS leader FROM missing) first
             WHERE first.first_row = i.first_row
            RETURNING i.leader, i.first_row, i.product, i.product_name
        )
        SELECT leader,
               COALESCE((array_agg(btrim(product) ORDER BY first_row) FILTER (WHERE btrim(product) <> ''))[1], ''),
               COALESCE((array_agg(btrim(product_name) ORDER BY first_row)
                   FILTER (WHERE btrim(product_name) <> ''))[1], '')
          FROM led GROUP BY leader ORDER BY leader""",
        item=table("item"), named=_newly_named_sql(),
    ))
    return cr.fetchall()


def _newly_named_sql():
    """SQL: the (product, product_name) of the lines of new purchases."""
    return SQL(
        """SELECT r.product, r.product_name
             FROM (%(new)s) p
             JOIN %(good)s g ON g.purchase = p.purchase
             JOIN %(row)s r ON r.row_no = g.row_no""",
        new=new_purchases_sql(), good=table("good"), row=table("row"),
    )


def replace_products(cr, pairs):
    """Give lines the products that were created; ``pairs`` are (leader, product id)."""
    cr.execute(SQL(
        """UPDATE %s i SET product_id = pair.product_id
             FROM UNNEST(%s, %s) AS pair(leader, product_id) WHERE pair.leader = i.leader""",
        table("item"), [leader for leader, _product in pairs], [product for _leader, product in pairs],
    ))


def count_unknown(cr):
    """Return how many different products that new purchases name are not found."""
    cr.execute(SQL(
        """SELECT count(*) FROM %(item)s i
            WHERE i.product_id IS NULL AND (i.product, i.product_name) IN (%(named)s)""",
        item=table("item"), named=_newly_named_sql(),
    ))
    return cr.fetchone()[0]
