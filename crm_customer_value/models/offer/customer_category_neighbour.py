import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.offer import neighbours
from ...engine.value.pipeline import planned


class CustomerCategoryNeighbour(models.Model):
    """A product category that customers buy from who buy from another one: see ``engine/offer/neighbours.py``.

    Where products come and go, as in fashion, customers have hardly any of them in common; their categories stay.
    """

    _name = "customer.category.neighbour"
    _description = "Category That Goes with Another"
    _inherit = ["customer.neighbour.mixin"]
    _order = "category_id, score desc, other_id"
    _rec_name = "other_id"
    _log_access = False
    _item = "category_id"

    category_id = fields.Many2one("product.category", required=True, readonly=True, ondelete="cascade")
    other_id = fields.Many2one(
        "product.category", "Goes with", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _other_uniq = models.Constraint(
        "UNIQUE(company_id, category_id, other_id)", "Two categories are neighbours once."
    )

    @api.model
    def _count_by_category(self, company, found):
        """Count which categories go together; there are few of them, so that all are counted each night.

        :param Baskets found: which products were bought, by however few customers
        """
        categories = dict(self.env.execute_query(SQL(
            """SELECT product.id, template.categ_id
                 FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE product.id = ANY(%s) AND template.categ_id IS NOT NULL""",
            found.item_ids.tolist(),
        )))
        found = found.grouped(categories).at_least(neighbours.LEAST_IN_COMMON)
        with planned(self.env.cr, bulk=True):
            self.env.cr.execute(SQL(
                "DELETE FROM customer_category_neighbour WHERE company_id = %s AND category_id <> ALL(%s)",
                company.id, found.item_ids.tolist(),
            ))
            for places in neighbours.batches(found, np.arange(len(found.item_ids))):
                self._write_neighbours(company, found.item_ids[places], neighbours.neighbours_of(found, places))
        self.invalidate_model(flush=False)
