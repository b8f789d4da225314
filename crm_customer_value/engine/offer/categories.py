"""Categories of products as items: see :mod:`choice` and :mod:`neighbours`."""

from odoo.tools import SQL


def in_categories_sql(pairs):
    """Return the SQL of which categories customers have something of: customer_id, item_id (the category).

    :param SQL pairs: customer_id, item_id (the product)
    """
    return SQL(
        """SELECT DISTINCT pair.customer_id, template.categ_id AS item_id
             FROM (%s) pair
             JOIN product_product product ON product.id = pair.item_id
             JOIN product_template template ON template.id = product.product_tmpl_id
            WHERE template.categ_id IS NOT NULL""",
        pairs,
    )


def best_sellers_sql(buyers, offered, least):
    """Return the SQL of the product of each category that most customers bought lately: category_id, product_id.

    :param SQL buyers: product_id, recent_customers
    :param SQL offered: product ids that may be offered, in brackets
    :param int least: where fewer customers bought it, there is none
    """
    return SQL(
        """SELECT DISTINCT ON (template.categ_id) template.categ_id AS category_id, buyers.product_id
             FROM (%s) buyers
             JOIN product_product product ON product.id = buyers.product_id
             JOIN product_template template ON template.id = product.product_tmpl_id
            WHERE template.categ_id IS NOT NULL AND buyers.recent_customers >= %s AND buyers.product_id IN %s
            ORDER BY template.categ_id, buyers.recent_customers DESC, buyers.product_id""",
        buyers, least, offered,
    )
