"""Every night: the best proposal of each customer, and what became of those of 90 days ago."""

import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.care import effect
from ...engine.offer import best, whom
from ...engine.value.pipeline import session_lock
from .customer_product_neighbour_night import MONTHS

_logger = logging.getLogger(__name__)

# First key of the advisory locks: the proposals of a company are made by one process at a time.
LOCK_CLASS = 0x50524F50
# Customers of one step, which is committed.
AT_ONCE = 1000
# The result is known when these are over.
RESULT_DAYS = 90


class CustomerOfferProposal(models.Model):
    _inherit = "customer.offer.proposal"

    @api.model
    def _cron_proposals(self):
        """Find the best proposal of each customer, of all companies; note what became of earlier ones."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            with session_lock(self.env.cr, company.id, LOCK_CLASS) as free:
                if not free:
                    _logger.info("Proposals of %s: another process is at it", company.name)
                    continue
                self.env["customer.product.upgrade"]._count_upgrades(company)
                self.env["customer.product.gain"]._count_gains(company)
                if not self._propose(company, go_on=self.env["ir.cron"]._commit_progress):
                    return

    @api.model
    def _propose(self, company, as_of=None, go_on=lambda _done, remaining: True):
        """Find the best proposals of a company; return whether there was time for all customers.

        Killed in the middle, the next call does all of them again.

        :param date as_of: another day than today
        :param go_on: is told after each step how many are done and remain, and says whether there is time for more
        """
        self.env.flush_all()
        offers = self.env["customer.offer"]
        day = as_of or offers._offer_day(company)
        self._note_results(company, day)
        customers = self._proposed_customers(company, day) if company.offer_active else []
        margins = self._known_margins(company) if customers else {}
        share = offers._held_out_share(company)
        near = best.read_near(self.env.cr, offers._near_sql(company)) if customers else None
        for start in range(0, len(customers), AT_ONCE):
            part = customers[start:start + AT_ONCE]
            self._write_proposals(company, day, part, self._find_proposals(company, day, part, near, margins), share)
            if not go_on(1, remaining=len(customers) - start):
                return False
        self.env.cr.execute(SQL(
            "UPDATE customer_offer_proposal SET is_current = FALSE"
            " WHERE company_id = %s AND is_current AND partner_id <> ALL(%s)",
            company.id, customers,
        ))
        self.invalidate_model(flush=False)
        return bool(go_on(0, remaining=0))

    @api.model
    def _proposed_customers(self, company, day):
        """Return the ids of customers for whom something is proposed: who bought lately, is not gone, and not upset.

        Whoever is gone is won back by other means.
        """
        return [row[0] for row in self.env.execute_query(SQL(
            """SELECT p.id
                 FROM customer_value v
                 JOIN res_partner p ON p.id = v.partner_id
                 LEFT JOIN customer_lifecycle_stage stage ON stage.id = v.lifecycle_stage_id
                WHERE v.company_id = %s AND p.active AND v.last_purchase_date >= %s
                  AND COALESCE(stage.health <> 'gone', TRUE) AND NOT %s
                ORDER BY p.id""",
            company.id, day - relativedelta(months=MONTHS), whom.upset_sql(company.id, "p"),
        ))]

    @api.model
    def _known_margins(self, company):
        """Return {product id: mean margin of a line} of all products that may be proposed, where it is known."""
        return self.env["customer.offer"]._mean_margins(company, self.env["product.product"].browse([
            row[0] for row in self.env.execute_query(SQL(
                "SELECT DISTINCT product_id FROM customer_product_neighbour WHERE company_id = %s", company.id
            ))
        ]))

    @api.model
    def _find_proposals(self, company, day, customers, near, margins):
        """Return the best proposal of customers, as rows of :meth:`_write_proposals`; by category where no product
        speaks for any."""
        offers = self.env["customer.offer"]
        partners = self.env["res.partner"].browse(customers)
        own = offers._own_sql(company, partners)
        known = offers._known_sql(company, partners, day)
        rows = []
        for found in best.best(self.env.cr, near, customers, own, known):
            margin = margins.get(found.item_id)
            rows.append((
                *found, effect.wilson(found.in_common, found.customers)[0],
                None if margin is None else company.currency_id.round(margin * found.in_common / found.customers),
                None,
            ))
        lacking = set(customers) - {row[0] for row in rows}
        if lacking:
            partners = partners.filtered(lambda partner: partner.id in lacking)
            own = offers._own_sql(company, partners)
            known = offers._known_sql(company, partners, day)
            rows += [
                (customer, product, None, in_common, number, effect.wilson(in_common, number)[0], None, category)
                for customer, product, category, in_common, number in offers._category_choice(company, own, known)
            ]
        return rows

    @api.model
    def _write_proposals(self, company, day, customers, found, share):
        """Note the best proposals of some customers, of whom some have none.

        :param list found: (customer, product, product that speaks for it, customers in common, customers of that
            one, confidence, expected margin, category that speaks for it)
        """
        columns = list(zip(*found, strict=True)) or [()] * 8
        rows = SQL(
            """SELECT * FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::float8[], %s::numeric[],
                                    %s::int[])
                   AS found(partner_id, product_id, because_id, in_common, customers, confidence, expected_margin,
                            because_category_id)""",
            *map(list, columns),
        )
        self.env.cr.execute(SQL(
            """UPDATE customer_offer_proposal proposal SET is_current = FALSE
                WHERE company_id = %s AND is_current AND partner_id = ANY(%s)
                  AND NOT EXISTS (SELECT 1 FROM (%s) found WHERE found.partner_id = proposal.partner_id
                                                             AND found.product_id = proposal.product_id)""",
            company.id, customers, rows,
        ))
        held_out = whom.held_out_sql(company.id, SQL("found.partner_id"), share)
        could_be = whom.held_out_sql(company.id, SQL("found.partner_id"), 1.0)
        self.env.cr.execute(SQL(
            """INSERT INTO customer_offer_proposal AS proposal (
                   company_id, partner_id, product_id, because_id, in_common, customers, confidence, expected_margin,
                   because_category_id, date_first, date, is_current, is_held_out, is_compared,
                   create_uid, create_date, write_uid, write_date)
               SELECT %(company)s, found.*, %(day)s, %(day)s, TRUE, %(held_out)s, %(share)s > 0 AND %(could_be)s,
                      %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                 FROM (%(rows)s) found
                ORDER BY found.partner_id
                   ON CONFLICT (company_id, partner_id, product_id) DO UPDATE
                  SET because_id = EXCLUDED.because_id, because_category_id = EXCLUDED.because_category_id,
                      in_common = EXCLUDED.in_common, customers = EXCLUDED.customers, confidence = EXCLUDED.confidence,
                      expected_margin = EXCLUDED.expected_margin, date = EXCLUDED.date, is_current = TRUE""",
            company=company.id, day=day, held_out=held_out, share=share, could_be=could_be, uid=self.env.uid, rows=rows,
        ))

    @api.model
    def _note_results(self, company, day):
        """Note who bought, within 90 days, what was first proposed more than 90 days ago."""
        self.env.flush_all()
        while True:
            rows = self.env.execute_query(SQL(
                """SELECT id, partner_id, date_first FROM customer_offer_proposal
                    WHERE company_id = %s AND result IS NULL AND date_first < %s ORDER BY id LIMIT %s""",
                company.id, day - timedelta(days=RESULT_DAYS), AT_ONCE,
            ))
            if not rows:
                break
            ids, customers, days = zip(*rows, strict=True)
            lines = self.env["customer.product.neighbour"]._bought_lines(
                company, SQL("contact.commercial_partner_id = ANY(%s)", list(customers)), min(days)
            )
            self.env.cr.execute(SQL(
                """UPDATE customer_offer_proposal proposal
                      SET bought_on = seen.day, result = CASE WHEN seen.day IS NULL THEN 'not' ELSE 'bought' END
                     FROM (SELECT known.id, MIN(line.day) AS day
                             FROM customer_offer_proposal known
                             LEFT JOIN (%s) line
                               ON line.customer_id = known.partner_id AND line.item_id = known.product_id
                              AND line.quantity > 0
                              AND line.day BETWEEN known.date_first AND known.date_first + %s
                            WHERE known.id = ANY(%s) GROUP BY known.id) seen
                    WHERE proposal.id = seen.id""",
                SQL(" UNION ALL ").join(lines.values()), RESULT_DAYS, list(ids),
            ))
        self.invalidate_model(flush=False)
