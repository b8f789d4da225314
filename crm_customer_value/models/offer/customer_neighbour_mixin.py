from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.outlook import transfer
from ..base.number_fields import Float, Integer

TABLE = "customer_neighbour_found"


class CustomerNeighbourMixin(models.AbstractModel):
    """What customers buy who buy something else, product by product or category by category.

    A model that inherits from this has the fields ``other_id`` and the one that ``_item`` names; both are of products,
    or both of categories. See ``engine/offer/neighbours.py``.
    """

    _name = "customer.neighbour.mixin"
    _description = "What Goes with Something Else"
    _inherit = ["customer.guarded.mixin"]
    _item = None

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    score = Float(
        digits=0, required=True, readonly=True, aggregator=None,
        help="From 0: no customer buys both, to 1: the same customers buy both.",
    )
    in_common = Integer("Customers of Both", required=True, readonly=True)
    customers = Integer("Customers of the Other One", required=True, readonly=True)

    @api.model
    def _write_neighbours(self, company, item_ids, found):
        """Bring the neighbours of some items up to date; rows that stay the same are neither written nor locked.

        :param array item_ids: which ones
        :param Neighbours found: theirs
        """
        cr = self.env.cr
        cr.execute(SQL(
            "CREATE TEMPORARY TABLE %s (item_id int, other_id int, score float8, in_common int, customers int)",
            SQL.identifier(TABLE),
        ))
        transfer.send(cr, TABLE, found)
        names = {
            "near": SQL.identifier(self._table), "item": SQL.identifier(self._item), "found": SQL.identifier(TABLE),
            "company": company.id, "items": item_ids.tolist(),
        }
        cr.execute(SQL(
            """DELETE FROM %(near)s near
                WHERE near.company_id = %(company)s AND near.%(item)s = ANY(%(items)s)
                  AND NOT EXISTS (SELECT 1 FROM %(found)s found
                                   WHERE found.item_id = near.%(item)s AND found.other_id = near.other_id)""",
            **names,
        ))
        cr.execute(SQL(
            """UPDATE %(near)s near
                  SET score = found.score, in_common = found.in_common, customers = found.customers
                 FROM %(found)s found
                WHERE near.company_id = %(company)s AND near.%(item)s = ANY(%(items)s)
                  AND near.%(item)s = found.item_id AND near.other_id = found.other_id
                  AND (near.score, near.in_common, near.customers)
                      IS DISTINCT FROM (found.score::numeric, found.in_common, found.customers)""",
            **names,
        ))
        cr.execute(SQL(
            """INSERT INTO %(near)s (company_id, %(item)s, other_id, score, in_common, customers)
               SELECT %(company)s, found.*
                 FROM %(found)s found
                WHERE NOT EXISTS (SELECT 1 FROM %(near)s near
                                   WHERE near.company_id = %(company)s AND near.%(item)s = ANY(%(items)s)
                                     AND near.%(item)s = found.item_id AND near.other_id = found.other_id)""",
            **names,
        ))
        cr.execute(SQL("DROP TABLE %(found)s", **names))
