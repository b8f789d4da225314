"""Counting which products go together: every night, and of these only what changed."""

import logging
from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.offer import matrix, neighbours
from ...engine.value.pipeline import planned, session_lock

_logger = logging.getLogger(__name__)

# First key of the advisory locks: the neighbours of a company are counted by one process at a time.
LOCK_CLASS = 0x4F464652
# What was bought longer ago says nothing about what goes together today.
MONTHS = 24
# What sells at present: bought within so many days.
RECENT_DAYS = 90


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
            everything = matrix.read(cr, list(lines.values()))
        found = everything.at_least(neighbours.LEAST_IN_COMMON)
        prints = found.prints()
        ranges = neighbours.batches(found, self._forget_and_find(company, found, prints))
        for position, places in enumerate(ranges):
            with planned(cr, bulk=True):
                self._write_neighbours(company, found.item_ids[places], neighbours.neighbours_of(found, places))
            if not go_on(1, remaining=len(ranges) - position):
                return False
        self._note_buyers(company, found, prints, self._recent_customers(company, everybody, today))
        self.env["customer.category.neighbour"]._count_by_category(company, everything)
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
    def _recent_customers(self, company, among, today):
        """Return {product id: how many customers bought it lately}.

        :param SQL among: condition on ``contact``: whose purchases count
        """
        lines = self._bought_lines(company, among, today - timedelta(days=RECENT_DAYS))
        with planned(self.env.cr, bulk=True):
            return dict(self.env.execute_query(SQL(
                """SELECT item_id, COUNT(DISTINCT customer_id)::int
                     FROM (%s) line WHERE quantity > 0 GROUP BY item_id""",
                SQL(" UNION ALL ").join(lines.values()),
            )))

    @api.model
    def _note_buyers(self, company, found, prints, recent):
        """Note whose purchases have been counted.

        :param Baskets found: what was bought
        :param prints: of its products, who bought them
        :param dict recent: {product id: how many customers bought it lately}
        """
        self.env.cr.execute(SQL(
            """WITH item AS MATERIALIZED (
                   SELECT * FROM UNNEST(%(items)s::int[], %(numbers)s::int[], %(recent)s::int[], %(prints)s::text[])
                              AS item (product_id, customers, recent_customers, buyers)
               ), gone AS (
                   DELETE FROM customer_product_buyers known
                    WHERE known.company_id = %(company)s
                      AND NOT EXISTS (SELECT 1 FROM item WHERE item.product_id = known.product_id)
               )
               INSERT INTO customer_product_buyers AS known
                      (company_id, product_id, customers, recent_customers, buyers)
               SELECT %(company)s, product_id, customers, recent_customers, buyers FROM item
                   ON CONFLICT (company_id, product_id) DO UPDATE
                  SET customers = EXCLUDED.customers, recent_customers = EXCLUDED.recent_customers,
                      buyers = EXCLUDED.buyers
                WHERE (known.buyers, known.recent_customers)
                      IS DISTINCT FROM (EXCLUDED.buyers, EXCLUDED.recent_customers)""",
            company=company.id, items=found.item_ids.tolist(), numbers=found.numbers.tolist(), prints=prints,
            recent=[recent.get(product, 0) for product in found.item_ids.tolist()],
        ))
