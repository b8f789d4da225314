"""Counting which products go together: every night, and of these only what changed."""

import logging

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.offer import bought, neighbours
from ...engine.value.pipeline import planned, session_lock

_logger = logging.getLogger(__name__)

# First key of the advisory locks: the neighbours of a company are counted by one process at a time.
LOCK_CLASS = 0x4F464652
# What was bought longer ago says nothing about what goes together today.
MONTHS = 24
TABLE = "customer_bought"


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
                if not self._count_neighbours(company):
                    return

    @api.model
    def _count_neighbours(self, company):
        """Count the neighbours of a company; return whether there was time for all of them.

        A product is counted again when its buyers changed, or those of a product that one of its customers bought.
        Which buyers that are is noted at the end: killed in the middle, the next call begins again.
        """
        self.env.flush_all()
        cr, least = self.env.cr, neighbours.LEAST_IN_COMMON
        today = self.env["customer.value.run"]._today(self.env["customer.value.policy"]._get_active(company))
        everybody = SQL("contact.commercial_partner_id <> %s", company.partner_id.id)
        lines = self._bought_lines(company, everybody, today - relativedelta(months=MONTHS))
        with planned(cr, bulk=True):
            bought.make_bought(cr, TABLE, list(lines.values()), least=least)
            affected = self._affected_products(company)
            self._forget_neighbours(company, affected)
        ranges = neighbours.batches(cr, TABLE, affected, rows=neighbours.BATCH_ROWS)
        for position, (first, last) in enumerate(ranges):
            with planned(cr, bulk=True):
                self._write_neighbours(company, first, last, affected)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(ranges) - position):
                bought.drop_bought(cr, TABLE)
                return False
        self._note_buyers(company)
        bought.drop_bought(cr, TABLE)
        self.invalidate_model(flush=False)
        return bool(self.env["ir.cron"]._commit_progress(0, remaining=0))

    @api.model
    def _affected_products(self, company):
        """Return the ids of products whose neighbours may be others than when they were counted last."""
        changed = [row[0] for row in self.env.execute_query(SQL(
            """SELECT COALESCE(now.item_id, before.product_id)
                 FROM %s now
                 FULL JOIN (SELECT product_id, buyers FROM customer_product_buyers WHERE company_id = %s) before
                   ON before.product_id = now.item_id
                WHERE before.buyers IS DISTINCT FROM now.buyers""",
            SQL.identifier(f"{TABLE}_item"), company.id,
        ))]
        return [row[0] for row in self.env.execute_query(neighbours.changed_items_sql(TABLE, changed))]

    @api.model
    def _forget_neighbours(self, company, affected):
        """Delete the neighbours of products that too few customers buy by now."""
        self.env.cr.execute(SQL(
            """DELETE FROM customer_product_neighbour near
                WHERE near.company_id = %s AND near.product_id = ANY(%s)
                  AND NOT EXISTS (SELECT 1 FROM %s item WHERE item.item_id = near.product_id)""",
            company.id, affected, SQL.identifier(f"{TABLE}_item"),
        ))

    @api.model
    def _write_neighbours(self, company, first, last, affected):
        """Bring the neighbours of a range of products up to date; rows that stay the same are not written."""
        self.env.cr.execute(SQL(
            """WITH found AS MATERIALIZED (%(found)s), gone AS (
                   DELETE FROM customer_product_neighbour near
                    WHERE near.company_id = %(company)s AND near.product_id BETWEEN %(first)s AND %(last)s
                      AND near.product_id = ANY(%(affected)s)
                      AND NOT EXISTS (SELECT 1 FROM found
                                       WHERE found.item_id = near.product_id AND found.other_id = near.other_id)
               )
               INSERT INTO customer_product_neighbour AS near
                           (company_id, product_id, other_id, score, in_common, customers)
               SELECT %(company)s, item_id, other_id, score, in_common, customers FROM found
                   ON CONFLICT (company_id, product_id, other_id) DO UPDATE
                  SET score = EXCLUDED.score, in_common = EXCLUDED.in_common, customers = EXCLUDED.customers
                WHERE (near.score, near.in_common, near.customers)
                      IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.in_common, EXCLUDED.customers)""",
            found=neighbours.neighbours_sql(TABLE, first, last, affected, least=neighbours.LEAST_IN_COMMON),
            company=company.id, first=first, last=last, affected=affected,
        ))

    @api.model
    def _note_buyers(self, company):
        """Note whose purchases have been counted."""
        self.env.cr.execute(SQL(
            """WITH gone AS (
                   DELETE FROM customer_product_buyers known
                    WHERE known.company_id = %(company)s
                      AND NOT EXISTS (SELECT 1 FROM %(items)s item WHERE item.item_id = known.product_id)
               )
               INSERT INTO customer_product_buyers AS known (company_id, product_id, customers, buyers)
               SELECT %(company)s, item_id, customers, buyers FROM %(items)s
                   ON CONFLICT (company_id, product_id) DO UPDATE
                  SET customers = EXCLUDED.customers, buyers = EXCLUDED.buyers
                WHERE known.buyers <> EXCLUDED.buyers""",
            company=company.id, items=SQL.identifier(f"{TABLE}_item"),
        ))
        self.env["customer.product.buyers"].invalidate_model(flush=False)
