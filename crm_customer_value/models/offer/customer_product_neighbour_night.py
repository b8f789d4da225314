"""Counting which products go together: every night, and of these only what changed."""

import logging

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.offer import matrix, neighbours
from ...engine.outlook import transfer
from ...engine.value.pipeline import planned, session_lock

_logger = logging.getLogger(__name__)

# First key of the advisory locks: the neighbours of a company are counted by one process at a time.
LOCK_CLASS = 0x4F464652
# What was bought longer ago says nothing about what goes together today.
MONTHS = 24
TABLE = "customer_neighbour_found"


class CustomerProductNeighbour(models.Model):
    _inherit = "customer.product.neighbour"

    @api.model
    def _cron_neighbours(self):
        """Count neighbours anew in each company where others bought than last time; note what came of offers."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            with session_lock(self.env.cr, company.id, LOCK_CLASS) as free:
                if not free:
                    _logger.info("Products that go together, of %s: another process is at it", company.name)
                    continue
                self.env["customer.offer"]._note_taken(company)
                if not self._count_neighbours(company, self.env["ir.cron"]._commit_progress):
                    return

    @api.model
    def _count_neighbours(self, company, go_on=lambda _done, remaining: True):
        """Count the neighbours of a company; return whether there was time for all of them.

        A product is counted again when its buyers changed, or those of a product that it has customers in common with.
        Which buyers that are is noted at the end: killed in the middle, the next call begins again.

        :param go_on: is told after each step how many are done and remain, and says whether there is time for more
        """
        self.env.flush_all()
        cr = self.env.cr
        today = self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))
        everybody = SQL("contact.commercial_partner_id <> %s", company.partner_id.id)
        lines = self._bought_lines(company, everybody, today - relativedelta(months=MONTHS))
        with planned(cr, bulk=True):
            found = matrix.read(cr, list(lines.values()), least=neighbours.LEAST_IN_COMMON)
        prints = found.prints()
        ranges = neighbours.batches(found, self._forget_and_find(company, found, prints))
        for position, places in enumerate(ranges):
            with planned(cr, bulk=True):
                self._write_neighbours(company, found.item_ids[places], neighbours.neighbours_of(found, places))
            if not go_on(1, remaining=len(ranges) - position):
                return False
        self._note_buyers(company, found, prints)
        if ranges:
            # With the statistics of an empty table, the first offers of the morning take half a minute.
            cr.execute("ANALYZE customer_product_neighbour")
        self.invalidate_model(flush=False)
        return bool(go_on(0, remaining=0))

    @api.model
    def _forget_and_find(self, company, found, prints):
        """Forget the neighbours of products that too few customers buy by now; return the places of those to count.

        :param Baskets found: what was bought
        :param prints: of its products, who bought them
        """
        before = dict(self.env.execute_query(SQL(
            "SELECT product_id, buyers FROM customer_product_buyers WHERE company_id = %s", company.id
        )))
        now = dict(zip(found.item_ids.tolist(), prints, strict=True))
        gone = sorted(before.keys() - now.keys())
        self.env.cr.execute(SQL(
            "DELETE FROM customer_product_neighbour WHERE company_id = %s AND product_id = ANY(%s)", company.id, gone
        ))
        changed = {product for product, buyers in now.items() if before.get(product) != buyers}
        # Also those that a changed one goes with no longer.
        near = {row[0] for row in self.env.execute_query(SQL(
            "SELECT DISTINCT product_id FROM customer_product_neighbour WHERE company_id = %s AND other_id = ANY(%s)",
            company.id, [*gone, *changed],
        ))} if gone or changed else set()
        affected = neighbours.affected_items(found, found.places(changed))
        return np.union1d(affected, found.places(near & now.keys()))

    @api.model
    def _write_neighbours(self, company, product_ids, found):
        """Bring the neighbours of some products up to date; rows that stay the same are neither written nor locked.

        :param array product_ids: which ones
        :param Neighbours found: theirs
        """
        cr = self.env.cr
        cr.execute(SQL(
            """CREATE TEMPORARY TABLE %s (product_id int, other_id int, score float8, in_common int, customers int)""",
            SQL.identifier(TABLE),
        ))
        transfer.send(cr, TABLE, found)
        names = {"found": SQL.identifier(TABLE), "company": company.id, "products": product_ids.tolist()}
        cr.execute(SQL(
            """DELETE FROM customer_product_neighbour near
                WHERE near.company_id = %(company)s AND near.product_id = ANY(%(products)s)
                  AND NOT EXISTS (SELECT 1 FROM %(found)s found
                                   WHERE found.product_id = near.product_id AND found.other_id = near.other_id)""",
            **names,
        ))
        cr.execute(SQL(
            """UPDATE customer_product_neighbour near
                  SET score = found.score, in_common = found.in_common, customers = found.customers
                 FROM %(found)s found
                WHERE near.company_id = %(company)s AND near.product_id = ANY(%(products)s)
                  AND near.product_id = found.product_id AND near.other_id = found.other_id
                  AND (near.score, near.in_common, near.customers)
                      IS DISTINCT FROM (found.score::numeric, found.in_common, found.customers)""",
            **names,
        ))
        cr.execute(SQL(
            """INSERT INTO customer_product_neighbour (company_id, product_id, other_id, score, in_common, customers)
               SELECT %(company)s, found.*
                 FROM %(found)s found
                WHERE NOT EXISTS (SELECT 1 FROM customer_product_neighbour near
                                   WHERE near.company_id = %(company)s AND near.product_id = ANY(%(products)s)
                                     AND near.product_id = found.product_id AND near.other_id = found.other_id)""",
            **names,
        ))
        cr.execute(SQL("DROP TABLE %(found)s", **names))

    @api.model
    def _note_buyers(self, company, found, prints):
        """Note whose purchases have been counted.

        :param Baskets found: what was bought
        :param prints: of its products, who bought them
        """
        self.env.cr.execute(SQL(
            """WITH item AS MATERIALIZED (
                   SELECT * FROM UNNEST(%(items)s::int[], %(numbers)s::int[], %(prints)s::text[])
                              AS item (product_id, customers, buyers)
               ), gone AS (
                   DELETE FROM customer_product_buyers known
                    WHERE known.company_id = %(company)s
                      AND NOT EXISTS (SELECT 1 FROM item WHERE item.product_id = known.product_id)
               )
               INSERT INTO customer_product_buyers AS known (company_id, product_id, customers, buyers)
               SELECT %(company)s, product_id, customers, buyers FROM item
                   ON CONFLICT (company_id, product_id) DO UPDATE
                  SET customers = EXCLUDED.customers, buyers = EXCLUDED.buyers
                WHERE known.buyers <> EXCLUDED.buyers""",
            company=company.id, items=found.item_ids.tolist(), numbers=found.numbers.tolist(), prints=prints,
        ))
