"""Purchase facts: what a customer bought, returned and paid, read straight from the documents.

A fact is (customer, day, revenue, margin, purchase). Money is untaxed and in the company's
currency at the rate of its own document; the day is the one in the company's time zone;
contacts roll up to their commercial partner. ``purchase`` is false for what only reduces
revenue (credit notes, negative amounts) or moves no money at all.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL


class FactScope(NamedTuple):
    """Which facts a query reads.

    ``partners`` is an SQL condition on ``contact.commercial_partner_id``; it limits a query to
    one batch. ``contacts`` are the ids of all contacts of a few customers, whose documents are looked
    up one by one; None says that this is a large part of all customers, and every document is
    read once and sorted into place.
    """

    company_id: int
    own_partner_id: int  # the company's own partner, who is no customer
    root_company_id: int  # Odoo keeps currency rates on the root of a tree of companies
    currency_id: int
    decimal_places: int
    source: str  # 'order' or 'invoice'
    tz: str
    as_of: date  # the last day that exists
    window_days: int
    partners: SQL
    contacts: list | None = None
    hour_cost: float = 0  # what an hour spent on a complaint costs, in company currency

    @property
    def bulk(self):
        """Whether everything is read."""
        return self.contacts is None

    def among(self, column):
        """SQL condition: a document's partner is one of the contacts whose documents are looked up."""
        return SQL("TRUE") if self.bulk else SQL("%s = ANY(%s)", column, self.contacts)

    @property
    def anchor(self):
        """The day predictions start from: the Sunday that ended the last whole week.

        It stands still for a week, so that the predictions of customers who did not buy do not
        change, and need not be written, every night.
        """
        return self.as_of - timedelta(days=self.as_of.isoweekday() % 7)

    @property
    def window_start(self):
        """SQL: the first day of the window, which ends with ``as_of``, both included."""
        return SQL("(%s::date - %s)", self.as_of, self.window_days - 1)


def _rate_missing_sql(scope, currency, rate):
    """SQL condition: the document is in another currency and nobody ever gave its rate.

    Odoo writes 1.0 on a document when the currency has no rate at all, so 1.0 is believed
    only if a rate was recorded for that currency.
    """
    return SQL(
        """(%(currency)s <> %(own)s AND (
            COALESCE(%(rate)s, 0) <= 0
            OR (%(rate)s = 1 AND NOT EXISTS (
                SELECT 1 FROM res_currency_rate known
                 WHERE known.currency_id = %(currency)s
                   AND (known.company_id IS NULL OR known.company_id = %(root)s)))
        ))""",
        currency=currency, rate=rate, own=scope.currency_id, root=scope.root_company_id,
    )


def _in_company_currency_sql(scope, amount, currency, rate):
    """SQL: an amount of a document in company currency, rounded as that currency rounds.

    Rounding each document that is converted (the others are, by Odoo), in ``numeric``, keeps every
    later sum exact and independent of the order of its parts: the same input gives the same bytes
    whatever the batch size.
    """
    return SQL(
        """CASE WHEN %(currency)s = %(own)s THEN %(amount)s
            ELSE ROUND(%(amount)s / %(rate)s, %(digits)s) END""",
        currency=currency, own=scope.currency_id, amount=amount, rate=rate,
        digits=scope.decimal_places,
    )


def _order_documents_sql(scope):
    """SQL: confirmed sales orders as (partner_id, day, revenue, margin, credit, name, unrated)."""
    currency, rate = SQL("o.currency_id"), SQL("o.currency_rate")
    return SQL(
        """SELECT o.partner_id,
                  (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                  %(revenue)s AS revenue,
                  %(margin)s AS margin,
                  FALSE AS credit,
                  o.name,
                  %(unrated)s AS unrated
             FROM sale_order o
            WHERE o.company_id = %(company)s
              AND %(among)s
              AND o.state = 'sale'
              AND o.date_order < ((%(as_of)s::date + 1)::timestamp
                                  AT TIME ZONE %(tz)s AT TIME ZONE 'UTC')""",
        tz=scope.tz,
        revenue=_in_company_currency_sql(scope, SQL("o.amount_untaxed"), currency, rate),
        margin=_in_company_currency_sql(scope, SQL("o.margin"), currency, rate),
        unrated=_rate_missing_sql(scope, currency, rate),
        company=scope.company_id,
        among=scope.among(SQL("o.partner_id")),
        as_of=scope.as_of,
    )


def _invoice_documents_sql(scope):
    """SQL: posted customer invoices and credit notes, in the columns of the orders.

    The margin of an invoice is its revenue less the cost of its lines: the cost kept on the
    sales order line it came from, else the product's cost, else nothing (as ``sale_margin``
    counts a line whose product has no cost).
    """
    return SQL(
        """SELECT m.partner_id,
                  m.invoice_date AS day,
                  m.amount_untaxed_signed AS revenue,
                  ROUND(m.amount_untaxed_signed - COALESCE(cost.amount, 0), %(digits)s) AS margin,
                  m.move_type = 'out_refund' AS credit,
                  m.name,
                  %(unrated)s AS unrated
             FROM account_move m
             LEFT JOIN LATERAL (
                SELECT SUM(
                    CASE WHEN m.move_type = 'out_refund' THEN -l.quantity ELSE l.quantity END
                    * COALESCE(
                        sold.unit_cost,
                        (p.standard_price->>%(company_key)s)::numeric
                            * u.factor / NULLIF(tu.factor, 0),
                        0)
                ) AS amount
                  FROM account_move_line l
                  LEFT JOIN product_product p ON p.id = l.product_id
                  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
                  LEFT JOIN uom_uom tu ON tu.id = t.uom_id
                  LEFT JOIN uom_uom u ON u.id = l.product_uom_id
                  LEFT JOIN LATERAL (
                    SELECT AVG(s.purchase_price / COALESCE(NULLIF(o.currency_rate, 0), 1)
                               * u.factor / NULLIF(su.factor, 0)) AS unit_cost
                      FROM sale_order_line_invoice_rel r
                      JOIN sale_order_line s ON s.id = r.order_line_id
                      JOIN sale_order o ON o.id = s.order_id
                      JOIN uom_uom su ON su.id = s.product_uom_id
                     WHERE r.invoice_line_id = l.id
                  ) sold ON TRUE
                 WHERE l.move_id = m.id AND l.display_type = 'product'
             ) cost ON TRUE
            WHERE m.company_id = %(company)s
              AND %(among)s
              AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.invoice_date <= %(as_of)s""",
        digits=scope.decimal_places,
        unrated=_rate_missing_sql(scope, SQL("m.currency_id"), SQL("m.invoice_currency_rate")),
        company_key=str(scope.company_id),
        company=scope.company_id,
        among=scope.among(SQL("m.partner_id")),
        as_of=scope.as_of,
    )


def _history_documents_sql(scope):
    """SQL: imported purchases; their amounts were converted when they were imported."""
    return SQL(
        """SELECT h.partner_id, h.date AS day, h.amount AS revenue,
                  CASE WHEN h.has_margin THEN h.margin END AS margin,
                  FALSE AS credit, h.reference AS name, FALSE AS unrated
             FROM customer_purchase_history h
            WHERE h.company_id = %(company)s AND %(among)s AND h.date <= %(as_of)s""",
        company=scope.company_id,
        among=scope.among(SQL("h.partner_id")),
        as_of=scope.as_of,
    )


def documents_sql(scope):
    """SQL: every document of the scope, with the commercial partner as ``partner_id``.

    The company itself is not its own customer: documents on its own partner (tests, internal
    use) are left out.

    Columns: partner_id, day, revenue, margin, credit, name, unrated (without a usable rate).
    """
    source = _invoice_documents_sql if scope.source == "invoice" else _order_documents_sql
    return SQL(
        """SELECT contact.commercial_partner_id AS partner_id,
                  contact.day, contact.revenue, contact.margin, contact.credit, contact.name, contact.unrated
             FROM (%(documents)s) contact
            WHERE %(partners)s AND contact.commercial_partner_id <> %(own)s""",
        own=scope.own_partner_id,
        documents=with_commercial_partner_sql(
            scope, SQL("%s UNION ALL %s", source(scope), _history_documents_sql(scope))
        ),
        partners=scope.partners,
    )


def with_commercial_partner_sql(scope, rows):
    """SQL: rows that have a ``partner_id``, each with its ``commercial_partner_id``.

    Most customers are their own commercial partner. In bulk only the others are looked up: a table
    of those is small, and may not even be needed.
    """
    if not scope.bulk:
        return SQL(
            """SELECT d.*, branch.commercial_partner_id
                 FROM (%s) d JOIN res_partner branch ON branch.id = d.partner_id""",
            rows,
        )
    return SQL(
        """SELECT d.*, COALESCE(branch.commercial_partner_id, d.partner_id) AS commercial_partner_id
             FROM (%s) d
             LEFT JOIN (SELECT id, commercial_partner_id FROM res_partner
                         WHERE commercial_partner_id <> id) branch ON branch.id = d.partner_id""",
        rows,
    )


def facts_sql(scope):
    """SQL: the facts of the scope, one row a document: partner_id, day, revenue, margin, purchase."""
    return SQL(
        """SELECT partner_id, day, revenue, margin, NOT credit AND revenue > 0 AS purchase
             FROM (%s) document WHERE NOT unrated""",
        documents_sql(scope),
    )


def unrated_sql(scope, limit=5):
    """SQL: how many documents have no usable rate, and the names of the first of them.

    One row: count, array of at most ``limit`` names.
    """
    return SQL(
        """SELECT COUNT(*), (ARRAY_AGG(name ORDER BY name))[1:%s]
             FROM (%s) document WHERE unrated""",
        limit,
        documents_sql(scope),
    )


def payments_sql(scope):
    """SQL: money that fell due in the window and how much of it came in time, per customer.

    Columns: partner_id, due, on_time. What is due on ``as_of`` may still be paid that day, so it
    does not count yet. Receivable lines of posted invoices by their own due
    date (one line an instalment); what a credit note settled was never to be paid, so it
    leaves the amount due. Reconciliations after ``as_of`` do not exist yet.
    """
    return SQL(
        """SELECT contact.commercial_partner_id AS partner_id,
                  SUM(GREATEST(line.debit - COALESCE(paid.credited, 0), 0)) AS due,
                  SUM(COALESCE(paid.on_time, 0)) AS on_time
             FROM account_move_line line
             JOIN account_move m ON m.id = line.move_id
             JOIN account_account a ON a.id = line.account_id
             JOIN res_partner contact ON contact.id = m.partner_id
             LEFT JOIN LATERAL (
                SELECT SUM(part.amount) FILTER (WHERE other.move_type = 'out_refund') AS credited,
                       SUM(part.amount) FILTER (
                           WHERE other.move_type <> 'out_refund'
                             AND part.max_date <= COALESCE(line.date_maturity, line.date)) AS on_time
                  FROM account_partial_reconcile part
                  JOIN account_move_line credit_line ON credit_line.id = part.credit_move_id
                  JOIN account_move other ON other.id = credit_line.move_id
                 WHERE part.debit_move_id = line.id AND part.max_date <= %(as_of)s
             ) paid ON TRUE
            WHERE m.company_id = %(company)s
              AND %(among)s
              AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_receipt')
              AND a.account_type = 'asset_receivable'
              AND line.debit > 0
              AND COALESCE(line.date_maturity, line.date) >= %(start)s
              AND COALESCE(line.date_maturity, line.date) < %(as_of)s
              AND %(partners)s
            GROUP BY contact.commercial_partner_id""",
        as_of=scope.as_of,
        company=scope.company_id,
        among=scope.among(SQL("m.partner_id")),
        start=scope.window_start,
        partners=scope.partners,
    )


def credits_sql(scope):
    """SQL: what was credited to customers in the window, per customer: partner_id, credited.

    Untaxed amounts of posted credit notes, above zero, in company currency: part of what it costs
    to serve a customer, by whichever documents revenue is counted.
    """
    return SQL(
        """SELECT contact.commercial_partner_id AS partner_id, SUM(-m.amount_untaxed_signed) AS credited
             FROM account_move m
             JOIN res_partner contact ON contact.id = m.partner_id
            WHERE m.company_id = %(company)s
              AND %(among)s
              AND m.state = 'posted'
              AND m.move_type = 'out_refund'
              AND m.invoice_date BETWEEN %(start)s AND %(as_of)s
              AND %(partners)s
            GROUP BY contact.commercial_partner_id""",
        company=scope.company_id,
        among=scope.among(SQL("m.partner_id")),
        start=scope.window_start,
        as_of=scope.as_of,
        partners=scope.partners,
    )


def prospects_sql(scope):
    """SQL: who is to be known without facts: partner_id.

    Those who are spoken with about a first purchase, by open quotations and opportunities: what is
    open is known of today only; of an earlier day it is known what existed then. And those whose stage
    somebody pinned, because the pin is kept in their row.
    """
    before = SQL(
        "((%(as_of)s::date + 1)::timestamp AT TIME ZONE %(tz)s AT TIME ZONE 'UTC')",
        as_of=scope.as_of, tz=scope.tz,
    )
    return SQL(
        """SELECT DISTINCT contact.commercial_partner_id AS partner_id
             FROM (SELECT partner_id FROM customer_value
                    WHERE company_id = %(company)s AND %(among)s AND stage_pinned
                   UNION
                   SELECT partner_id FROM sale_order
                    WHERE company_id = %(company)s AND %(among)s AND state IN ('draft', 'sent')
                      AND create_date < %(before)s
                    UNION
                   SELECT partner_id FROM crm_lead
                    WHERE COALESCE(company_id, %(company)s) = %(company)s AND %(among)s
                      AND type = 'opportunity' AND active AND won_status = 'pending'
                      AND partner_id IS NOT NULL AND create_date < %(before)s) d
             JOIN res_partner contact ON contact.id = d.partner_id
             JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            WHERE %(partners)s AND customer.id <> %(own)s
              AND (customer.active OR EXISTS (
                    SELECT 1 FROM customer_value v
                     WHERE v.company_id = %(company)s AND v.partner_id = customer.id AND v.stage_pinned))""",
        company=scope.company_id,
        own=scope.own_partner_id,
        among=scope.among(SQL("partner_id")),
        before=before,
        partners=scope.partners,
    )
