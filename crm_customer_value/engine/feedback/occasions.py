"""What happened to customers that is worth a question: occasions, by what triggers a rule.

Each query has the columns of :data:`COLUMNS`. Occasions of a day without a time are at nine o'clock of it, so that
nobody is asked at night.
"""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

COLUMNS = ("occasion", "partner_id", "happened", "product_id", "team_id", "user_id")
# Days of an average month: customers are spread over a period by its days.
MONTH_DAYS = 30


class Period(NamedTuple):
    """From when until when something happened, the end left out: moments in UTC, of one company."""

    company_id: int
    since: datetime
    until: datetime
    tz: str

    def holds(self, moment):
        """SQL condition: a moment in UTC is in this period."""
        return SQL("(%(moment)s >= %(since)s AND %(moment)s < %(until)s)", moment=moment, since=self.since,
                   until=self.until)

    def morning(self, day):
        """SQL: the moment, in UTC, of nine o'clock of a day."""
        return SQL("((%s + TIME '09:00') AT TIME ZONE %s AT TIME ZONE 'UTC')", day, self.tz)

    @property
    def first_day(self):
        """SQL: a day that is no later than the first one of this period, wherever the company is."""
        return SQL("(%s::date - 1)", self.since)


def orders_sql(period):
    """SQL: orders that were confirmed; the product is the one that most of the money was for."""
    return SQL(
        """SELECT 'order,' || sale.id AS occasion, sale.partner_id, sale.date_order AS happened, line.product_id,
                  sale.team_id, sale.user_id
             FROM sale_order sale
             %s
            WHERE sale.company_id = %s AND sale.state = 'sale' AND %s""",
        main_product_sql(), period.company_id, period.holds(SQL("sale.date_order")),
    )


def main_product_sql():
    """SQL: a join that finds the product of ``sale`` that most of the money was for, as ``line.product_id``."""
    return SQL(
        """LEFT JOIN LATERAL (
                SELECT each.product_id FROM sale_order_line each
                 WHERE each.order_id = sale.id AND each.display_type IS NULL AND each.product_id IS NOT NULL
                 ORDER BY each.price_subtotal DESC, each.id
                 LIMIT 1) line ON TRUE"""
    )


def payments_sql(period):
    """SQL: invoices that were paid in full, on the day of the last payment.

    Whoever ordered is asked, who has seen more of us than whoever pays; the contact of the invoice without an order.
    """
    return SQL(
        """SELECT 'payment,' || invoice.id AS occasion, COALESCE(ordered.partner_id, invoice.partner_id) AS partner_id,
                  %(morning)s AS happened, line.product_id, invoice.team_id, invoice.invoice_user_id AS user_id
             FROM (
                SELECT move_id, MAX(day) AS day
                  FROM (SELECT line.move_id, part.max_date AS day
                          FROM account_partial_reconcile part
                          JOIN account_move_line line ON line.id = part.debit_move_id
                         WHERE part.company_id = %(company)s AND part.max_date >= %(first)s
                         UNION ALL
                        SELECT link.invoice_id, payment.date
                          FROM account_payment payment
                          JOIN account_move__account_payment link ON link.payment_id = payment.id
                         WHERE payment.company_id = %(company)s AND payment.move_id IS NULL
                           AND payment.state IN ('in_process', 'paid') AND payment.date >= %(first)s) part
                 GROUP BY move_id) paid
             JOIN account_move invoice ON invoice.id = paid.move_id
             LEFT JOIN LATERAL (
                SELECT sale.partner_id
                  FROM account_move_line line
                  JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
                  JOIN sale_order_line sold ON sold.id = link.order_line_id
                  JOIN sale_order sale ON sale.id = sold.order_id
                 WHERE line.move_id = invoice.id
                 ORDER BY sale.date_order DESC, sale.id DESC
                 LIMIT 1) ordered ON TRUE
             LEFT JOIN LATERAL (
                SELECT line.product_id FROM account_move_line line
                 WHERE line.move_id = invoice.id AND line.display_type = 'product' AND line.product_id IS NOT NULL
                 ORDER BY line.price_subtotal DESC, line.id
                 LIMIT 1) line ON TRUE
            WHERE invoice.company_id = %(company)s AND invoice.move_type = 'out_invoice' AND invoice.state = 'posted'
              AND invoice.payment_state IN ('paid', 'in_payment') AND %(inside)s""",
        company=period.company_id, first=period.first_day, morning=period.morning(SQL("paid.day")),
        inside=period.holds(period.morning(SQL("paid.day"))),
    )


def complaints_sql(period):
    """SQL: complaints that were closed; merged and rejected ones are no occasion."""
    return SQL(
        """SELECT 'complaint,' || complaint.id AS occasion, complaint.partner_id, complaint.date_closed AS happened,
                  complaint.product_id, NULL::integer AS team_id, complaint.user_id
             FROM customer_complaint complaint
            WHERE complaint.company_id = %s AND complaint.active AND complaint.state = 'closed'
              AND complaint.merged_into_id IS NULL AND complaint.partner_id IS NOT NULL AND %s""",
        period.company_id, period.holds(SQL("complaint.date_closed")),
    )


def stages_sql(period, stage_ids):
    """SQL: customers who came into one of some stages, other than by changed rules."""
    return SQL(
        """SELECT 'stage,' || moved.id AS occasion, contact.id AS partner_id, %(morning)s AS happened,
                  NULL::integer AS product_id, NULL::integer AS team_id, NULL::integer AS user_id
             FROM customer_lifecycle_transition moved
             JOIN res_partner customer ON customer.id = moved.partner_id
             %(contact)s
            WHERE moved.company_id = %(company)s AND moved.to_stage_id = ANY(%(stages)s)
              AND moved.cause IS DISTINCT FROM 'rules' AND moved.date >= %(first)s AND %(inside)s""",
        company=period.company_id, stages=list(stage_ids), contact=_contact_sql(), first=period.first_day,
        morning=period.morning(SQL("moved.date")), inside=period.holds(period.morning(SQL("moved.date"))),
    )


def periods_sql(period, months, start):
    """SQL: customers whose day has come, which it does every so many months.

    Each customer has a day of their own, so that not all of them are asked on one.

    :param date start: the day from which the periods are counted
    """
    return SQL(
        """SELECT 'period,' || turn.customer_id || ',' || turn.day AS occasion, contact.id AS partner_id,
                  %(morning)s AS happened, NULL::integer AS product_id, NULL::integer AS team_id,
                  NULL::integer AS user_id
             FROM (
                SELECT first.customer_id,
                       (first.day + MAKE_INTERVAL(months => %(months)s * (
                            (EXTRACT(YEAR FROM AGE(%(last)s, first.day)) * 12
                             + EXTRACT(MONTH FROM AGE(%(last)s, first.day)))::integer / %(months)s)))::date AS day
                  FROM (SELECT value.partner_id AS customer_id,
                               %(start)s::date + MOD(value.partner_id::bigint * 10007, %(days)s)::integer AS day
                          FROM customer_value value
                         WHERE value.company_id = %(company)s AND value.purchase_days > 0) first
                 WHERE first.day <= %(last)s) turn
             JOIN res_partner customer ON customer.id = turn.customer_id
             %(contact)s
            WHERE %(inside)s""",
        company=period.company_id, months=months, days=months * MONTH_DAYS, start=start,
        last=SQL("%s::date", period.until), contact=_contact_sql(), morning=period.morning(SQL("turn.day")),
        inside=period.holds(period.morning(SQL("turn.day"))),
    )


def _contact_sql():
    """SQL: a join that finds whom of a ``customer`` to ask, as ``contact.id``: the customer, or the first contact."""
    return SQL(
        """CROSS JOIN LATERAL (
                SELECT person.id FROM res_partner person
                 WHERE person.id = customer.id
                    OR (person.commercial_partner_id = customer.id AND person.active AND person.type = 'contact'
                        AND person.email_normalized IS NOT NULL)
                 ORDER BY person.email_normalized IS NOT NULL DESC, person.id = customer.id DESC, person.id
                 LIMIT 1) contact"""
    )
