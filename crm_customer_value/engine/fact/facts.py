"""Purchase facts: what a customer bought, returned and paid, read straight from the documents.

A fact is (customer, day, revenue, margin, purchase). Money is untaxed and in the company's
currency at the rate of its own document; the day is the one in the company's time zone;
contacts roll up to their commercial partner. ``purchase`` is false for what only reduces
revenue (credit notes, negative amounts) or moves no money at all.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

# An amount beyond this is an accident of some interface. It is left out, like one that is no number (NaN).
LARGEST_AMOUNT = 10**15


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
    contacts: list | SQL | None = None
    hour_cost: float = 0  # what an hour spent on a complaint costs, in company currency
    taken_back: list | None = None  # orders, by :func:`with_taken_back`; None: each query looks for them

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
            ELSE ROUND(%(amount)s / NULLIF(%(rate)s, 0), %(digits)s) END""",
        currency=currency, own=scope.currency_id, amount=amount, rate=rate,
        digits=scope.decimal_places,
    )


def is_amount_sql(amount):
    """SQL condition: an amount is a number that can be counted with; NaN is greater than any number."""
    return SQL("COALESCE(ABS(%s) < %s, FALSE)", amount, LARGEST_AMOUNT)


def reversals_sql(scope):
    """SQL: invoices that credit notes took back in full: invoice_id, credit_id.

    Such an invoice was never meant to be paid and its credit note gives nothing back: it is billed anew, or
    not at all. Neither of the two counts. The credit note names the invoice it reverses; one that was
    written by hand reverses the one invoice that it settles. What compensates a complaint reverses nothing.
    """
    return SQL(
        """SELECT invoice_id, credit_id
             FROM (SELECT reversed.id AS invoice_id, credit.id AS credit_id, reversed.amount_total,
                          SUM(credit.amount_total) OVER (PARTITION BY reversed.id) AS credited
                     FROM account_move credit
                     LEFT JOIN (
                        SELECT own.move_id AS credit_id, MIN(line.move_id) AS invoice_id
                          FROM account_move note
                          JOIN account_move_line own ON own.move_id = note.id
                          JOIN account_partial_reconcile part ON part.credit_move_id = own.id
                          JOIN account_move_line line ON line.id = part.debit_move_id
                          JOIN account_move invoice ON invoice.id = line.move_id
                         WHERE note.company_id = %(company)s
                           AND %(among_notes)s
                           AND note.move_type = 'out_refund'
                           AND note.reversed_entry_id IS NULL
                           AND part.max_date <= %(as_of)s
                           AND invoice.move_type IN ('out_invoice', 'out_receipt')
                           AND invoice.payment_state = 'reversed'
                         GROUP BY own.move_id
                        HAVING COUNT(DISTINCT line.move_id) = 1
                     ) settled ON settled.credit_id = credit.id
                     JOIN account_move reversed
                       ON reversed.id = COALESCE(credit.reversed_entry_id, settled.invoice_id)
                     JOIN res_partner taker ON taker.id = credit.partner_id
                     JOIN res_partner buyer ON buyer.id = reversed.partner_id
                    WHERE credit.company_id = %(company)s
                      AND %(among)s
                      AND credit.state = 'posted'
                      AND credit.move_type = 'out_refund'
                      AND credit.complaint_id IS NULL
                      AND credit.invoice_date <= %(as_of)s
                      AND reversed.company_id = credit.company_id
                      AND reversed.state = 'posted'
                      AND reversed.move_type IN ('out_invoice', 'out_receipt')
                      AND buyer.commercial_partner_id = taker.commercial_partner_id
                      AND reversed.currency_id = credit.currency_id) reversal
            WHERE credited = amount_total""",
        as_of=scope.as_of,
        company=scope.company_id,
        among=scope.among(SQL("credit.partner_id")),
        among_notes=scope.among(SQL("note.partner_id")),
    )


def taken_back_orders_sql(scope):
    """SQL: sales orders whose invoices were taken back in full and that were not billed anew: order_id.

    Nothing is left of such an order: the customer has returned all of it. It counts again as soon as there is
    another invoice, as a draft already: who bills anew does so within hours or days. What took back less than
    the whole order, such as a wrong down payment, leaves it as it is.
    """
    return SQL(
        """WITH reversal AS MATERIALIZED (%(reversals)s),
                billed AS (
                    SELECT DISTINCT s.order_id, l.id, l.price_subtotal, m.currency_id, m.partner_id
                      FROM reversal
                      JOIN account_move m ON m.id = reversal.invoice_id
                      JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
                      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                      JOIN sale_order_line s ON s.id = r.order_line_id)
           SELECT b.order_id
             FROM billed b
             JOIN sale_order ordered ON ordered.id = b.order_id
             JOIN res_partner buyer ON buyer.id = ordered.partner_id
             JOIN res_partner payer ON payer.id = b.partner_id
            WHERE payer.commercial_partner_id = buyer.commercial_partner_id
              AND b.currency_id = ordered.currency_id
              AND NOT EXISTS (
                    SELECT 1
                      FROM sale_order_line s
                      JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
                      JOIN account_move_line l ON l.id = r.invoice_line_id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE s.order_id = b.order_id
                       AND m.move_type IN ('out_invoice', 'out_receipt')
                       AND m.state IN ('draft', 'posted')
                       AND COALESCE(m.invoice_date, %(as_of)s) <= %(as_of)s
                       AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.invoice_id = m.id))
            GROUP BY b.order_id, ordered.amount_untaxed
           HAVING SUM(b.price_subtotal) >= ordered.amount_untaxed""",
        reversals=reversals_sql(scope),
        as_of=scope.as_of,
    )


def with_taken_back(cr, scope):
    """Return a scope that knows the orders that were taken back, for queries in bulk.

    They are few, and each is looked up by its lines. A query in bulk would read all lines of all orders and invoices
    for them, and do so again for each batch of customers.
    """
    if not scope.bulk or scope.source != "order":
        return scope
    cr.execute("SELECT CURRENT_SETTING('enable_nestloop')")
    (before,) = cr.fetchone()
    cr.execute("SET LOCAL enable_nestloop = on")
    cr.execute(taken_back_orders_sql(scope))
    orders = sorted(order_id for (order_id,) in cr.fetchall())
    cr.execute("SELECT SET_CONFIG('enable_nestloop', %s, TRUE)", (before,))
    return scope._replace(taken_back=orders)


def _order_documents_sql(scope):
    """SQL: confirmed sales orders as (partner_id, day, revenue, margin, credit, name, unrated)."""
    currency, rate = SQL("o.currency_id"), SQL("o.currency_rate")
    return SQL(
        """WITH taken_back AS MATERIALIZED (%(taken_back)s)
           SELECT o.partner_id, o.id AS document_id, 'sale.order' AS model,
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
                                  AT TIME ZONE %(tz)s AT TIME ZONE 'UTC')
              AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.order_id = o.id)""",
        tz=scope.tz,
        taken_back=taken_back_orders_sql(scope) if scope.taken_back is None
        else SQL("SELECT UNNEST(%s::int[]) AS order_id", scope.taken_back),
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
    counts a line whose product has no cost). An invoice that was taken back in full is left out with
    its credit note: see :func:`reversals_sql`.
    """
    return SQL(
        """WITH reversal AS MATERIALIZED (
               SELECT UNNEST(ARRAY[invoice_id, credit_id]) AS id FROM (%(reversals)s) both_sides)
           SELECT m.partner_id, m.id AS document_id, 'account.move' AS model,
                  m.invoice_date AS day,
                  m.amount_untaxed_signed AS revenue,
                  ROUND(m.amount_untaxed_signed - COALESCE(cost.amount, 0), %(digits)s) AS margin,
                  m.move_type = 'out_refund' AS credit,
                  m.name,
                  %(unrated)s AS unrated
             FROM account_move m
             %(cost)s
            WHERE m.company_id = %(company)s
              AND %(among)s
              AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.invoice_date <= %(as_of)s
              AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.id = m.id)""",
        cost=_cost_join_sql(scope),
        digits=scope.decimal_places,
        reversals=reversals_sql(scope),
        unrated=_rate_missing_sql(scope, SQL("m.currency_id"), SQL("m.invoice_currency_rate")),
        company=scope.company_id,
        among=scope.among(SQL("m.partner_id")),
        as_of=scope.as_of,
    )


def _cost_join_sql(scope):
    """SQL: the join of an invoice or credit note ``m`` with ``cost.amount``, in company currency."""
    return SQL(
        """LEFT JOIN LATERAL (
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
             ) cost ON TRUE""",
        company_key=str(scope.company_id),
    )


def _history_documents_sql(scope):
    """SQL: imported purchases; their amounts were converted when they were imported."""
    return SQL(
        """SELECT h.partner_id, h.id AS document_id, 'customer.purchase.history' AS model,
                  h.date AS day, h.amount AS revenue,
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

    Columns: partner_id, document_id, model, day, revenue, margin, credit, name, unrated (without a usable
    rate), unreal (its amount is no number to count with). A margin that is no number is unknown.
    """
    source = _invoice_documents_sql if scope.source == "invoice" else _order_documents_sql
    return SQL(
        """SELECT contact.commercial_partner_id AS partner_id, contact.document_id, contact.model,
                  contact.day, contact.revenue,
                  CASE WHEN %(margin_is_real)s THEN contact.margin END AS margin,
                  contact.credit, contact.name, contact.unrated,
                  NOT contact.unrated AND NOT %(revenue_is_real)s AS unreal
             FROM (%(documents)s) contact
            WHERE %(partners)s AND contact.commercial_partner_id <> %(own)s""",
        own=scope.own_partner_id,
        margin_is_real=is_amount_sql(SQL("contact.margin")),
        revenue_is_real=is_amount_sql(SQL("contact.revenue")),
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
             FROM (%s) document WHERE NOT unrated AND NOT unreal""",
        documents_sql(scope),
    )


def left_out_sql(scope, limit=5):
    """SQL: how many documents are left out, and the names of the first of them.

    One row: count and array of at most ``limit`` names of those without a usable rate, and the same of
    those whose amount is no number to count with.
    """
    return SQL(
        """SELECT COUNT(*) FILTER (WHERE unrated),
                  (ARRAY_AGG(name ORDER BY name) FILTER (WHERE unrated))[1:%(limit)s],
                  COUNT(*) FILTER (WHERE unreal),
                  (ARRAY_AGG(name ORDER BY name) FILTER (WHERE unreal))[1:%(limit)s]
             FROM (%(documents)s) document WHERE unrated OR unreal""",
        limit=limit,
        documents=documents_sql(scope),
    )


def _due_lines_sql(scope):
    """SQL: the instalments of posted invoices that fell due in the window, as the CTE ``line``."""
    return SQL(
        """line AS (
            SELECT line.id, line.move_id, m.partner_id, line.debit, line.amount_currency AS amount,
                   COALESCE(line.date_maturity, line.date) AS day,
                   line.discount_date, NULLIF(line.discount_amount_currency, 0) AS discounted
              FROM account_move_line line
              JOIN account_move m ON m.id = line.move_id
              JOIN account_account a ON a.id = line.account_id
             WHERE m.company_id = %(company)s
               AND %(among)s
               AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_receipt')
               AND a.account_type = 'asset_receivable'
               AND line.debit > 0 AND %(real)s
               AND line.amount_currency > 0
               AND COALESCE(line.date_maturity, line.date) >= %(start)s
               AND COALESCE(line.date_maturity, line.date) < %(as_of)s)""",
        company=scope.company_id,
        among=scope.among(SQL("m.partner_id")),
        real=is_amount_sql(SQL("line.debit")),
        start=scope.window_start,
        as_of=scope.as_of,
    )


def _registered_sql(scope):
    """SQL: payments of these invoices that were registered without a journal entry, as the CTE ``registered``.

    With Odoo's accounting application no entry is made before the bank statement comes, which may be
    weeks later. The amount is in the currency of the invoice; a payment of several invoices is shared
    out by their totals. It is pending as long as Odoo found it on no statement.
    """
    return SQL(
        """registered AS (
            SELECT link.invoice_id AS move_id, payment.date AS day, payment.state = 'in_process' AS pending,
                   CASE WHEN payment.currency_id = invoice.currency_id THEN payment.amount
                        ELSE ABS(payment.amount_company_currency_signed * invoice.amount_total
                                 / NULLIF(invoice.amount_total_signed, 0)) END
                   * ABS(invoice.amount_total_signed) / NULLIF(shared.total, 0) AS amount
              FROM account_move__account_payment link
              JOIN account_payment payment ON payment.id = link.payment_id
              JOIN account_move invoice ON invoice.id = link.invoice_id
              JOIN (SELECT each.payment_id, SUM(ABS(paid.amount_total_signed)) AS total
                      FROM account_move__account_payment each
                      JOIN account_move paid ON paid.id = each.invoice_id
                     WHERE each.payment_id IN (SELECT payment_id FROM account_move__account_payment
                                                WHERE invoice_id IN (SELECT move_id FROM line))
                     GROUP BY each.payment_id) shared ON shared.payment_id = payment.id
             WHERE link.invoice_id IN (SELECT move_id FROM line)
               AND payment.move_id IS NULL
               AND payment.state IN ('in_process', 'paid')
               AND payment.payment_type = 'inbound'
               AND payment.date <= %(as_of)s
               AND %(real)s)""",
        as_of=scope.as_of,
        real=is_amount_sql(SQL("payment.amount")),
    )


def _partials_sql(scope):
    """SQL: what instalments were reconciled with, in the currency of the invoice, as the CTE ``part``.

    Kinds: ``left`` leaves what is to be paid, because it was credited, or because nothing but the rate of
    the currency moved; ``statement`` is money on a bank statement; ``paid`` is any other payment. The
    instalments are those that fell due, and every one of an invoice with registered payments.
    """
    return SQL(
        """instalment AS (
            SELECT id, move_id, day, amount FROM line
             UNION
            SELECT line.id, line.move_id, COALESCE(line.date_maturity, line.date), line.amount_currency
              FROM account_move_line line
              JOIN account_account a ON a.id = line.account_id
             WHERE line.move_id IN (SELECT move_id FROM registered)
               AND a.account_type = 'asset_receivable' AND line.debit > 0
        ), part AS (
            SELECT instalment.id, instalment.move_id, part.debit_amount_currency AS amount, part.max_date AS day,
                   CASE WHEN other.move_type = 'out_refund'
                             OR other.journal_id = owner.currency_exchange_journal_id
                             OR EXISTS (SELECT 1 FROM account_partial_reconcile cause
                                         WHERE cause.exchange_move_id = other.id) THEN 'left'
                        WHEN other.statement_line_id IS NOT NULL THEN 'statement'
                        ELSE 'paid' END AS kind
              FROM instalment
              JOIN account_partial_reconcile part ON part.debit_move_id = instalment.id
              JOIN account_move_line credit_line ON credit_line.id = part.credit_move_id
              JOIN account_move other ON other.id = credit_line.move_id
              JOIN res_company owner ON owner.id = other.company_id
             WHERE part.max_date <= %(as_of)s AND %(real)s)""",
        as_of=scope.as_of,
        real=is_amount_sql(SQL("part.debit_amount_currency")),
    )


def _streams_sql():
    """SQL: how much of each instalment was paid in time by who registers payments, as the CTE ``stream``.

    Without a row for invoices that no payment was registered for: there the entries tell. Money pays the
    oldest instalment first. A statement and the payment that it confirms are the same money, so the
    larger of the two counts; what is still pending counts beside a statement as far as anything is open.
    Who paid the discounted amount before the discount ended paid everything.
    """
    return SQL(
        """told AS (
            SELECT line.id,
                   COALESCE(SUM(registered.amount) FILTER (WHERE registered.day <= line.day), 0) AS paid,
                   COALESCE(SUM(registered.amount) FILTER (WHERE registered.day <= line.day AND pending), 0) AS pending,
                   COALESCE(SUM(registered.amount) FILTER (WHERE registered.day <= line.discount_date)
                            >= line.discounted, FALSE) AS with_discount
              FROM line JOIN registered USING (move_id)
             GROUP BY line.id, line.discounted
        ), entered AS (
            SELECT line.id,
                   SUM(part.amount) FILTER (WHERE part.day <= line.day AND kind = 'paid') AS paid,
                   SUM(part.amount) FILTER (WHERE part.day <= line.day AND kind = 'statement') AS stated
              FROM line JOIN told USING (id) JOIN part USING (move_id)
             GROUP BY line.id
        ), owed AS (
            SELECT line.id, line.amount,
                   SUM(GREATEST(one.amount - one.settled, 0)) AS left_open,
                   SUM(one.amount - one.unasked) FILTER (WHERE (one.day, one.id) < (line.day, line.id)) AS older
              FROM line JOIN told USING (id)
              JOIN (SELECT instalment.id, instalment.move_id, instalment.day, instalment.amount,
                           COALESCE(SUM(part.amount), 0) AS settled,
                           COALESCE(SUM(part.amount) FILTER (WHERE kind = 'left'), 0) AS unasked
                      FROM instalment LEFT JOIN part USING (id)
                     GROUP BY instalment.id, instalment.move_id, instalment.day, instalment.amount
                   ) one USING (move_id)
             GROUP BY line.id, line.amount
        ), stream AS (
            SELECT id, CASE WHEN told.with_discount THEN owed.amount ELSE GREATEST(
                       0, COALESCE(entered.paid, 0) - COALESCE(owed.older, 0) + GREATEST(
                           COALESCE(entered.stated, 0), told.paid,
                           COALESCE(entered.stated, 0) + LEAST(told.pending, owed.left_open))) END AS on_time
              FROM told JOIN owed USING (id) LEFT JOIN entered USING (id))"""
    )


def payments_sql(scope):
    """SQL: money that fell due in the window and how much of it came in time, per customer.

    Columns: partner_id, due, on_time, amounts (how many were due). What is due on ``as_of`` may still be
    paid that day, so it does not count yet. Receivable lines of posted invoices by their own due date (one
    line an instalment); what a credit note settled was never to be paid, so it leaves the amount due.
    Reconciliations after ``as_of`` do not exist yet.

    How much of a line was paid is reckoned in the currency of its invoice and weighed in the company's at
    the rate of the invoice: who paid every euro paid everything, whatever became of the rate.
    """
    return SQL(
        """WITH %(lines)s, %(registered)s, %(partials)s, %(streams)s, paid AS (
            SELECT line.id,
                   SUM(part.amount) FILTER (WHERE kind = 'left') AS unasked,
                   SUM(part.amount) FILTER (WHERE kind <> 'left' AND part.day <= line.day) AS on_time
              FROM line JOIN part USING (id)
             GROUP BY line.id
        ), share AS (
            SELECT line.partner_id, line.debit, line.amount,
                   GREATEST(line.amount - COALESCE(paid.unasked, 0), 0) AS due,
                   COALESCE(stream.on_time, paid.on_time, 0) AS on_time
              FROM line LEFT JOIN paid USING (id) LEFT JOIN stream USING (id)
        )
        SELECT contact.commercial_partner_id AS partner_id,
               SUM(ROUND(share.debit * share.due / share.amount, %(digits)s)) AS due,
               SUM(ROUND(share.debit * LEAST(share.on_time, share.due) / share.amount, %(digits)s)) AS on_time,
               COUNT(*) FILTER (WHERE share.due > 0) AS amounts
          FROM share JOIN res_partner contact ON contact.id = share.partner_id
         WHERE %(partners)s
         GROUP BY contact.commercial_partner_id""",
        lines=_due_lines_sql(scope),
        registered=_registered_sql(scope),
        partials=_partials_sql(scope),
        streams=_streams_sql(),
        digits=scope.decimal_places,
        partners=scope.partners,
    )


def credits_sql(scope):
    """SQL: what was credited to customers, per customer: partner_id, credited, margin, margin_before.

    ``credited`` in the window: untaxed amounts of posted credit notes, above zero, in company currency, which
    are part of what it costs to serve a customer, by whichever documents revenue is counted. ``margin`` is how
    much of that was margin, as goods that come back are worth what they cost; ``margin_before`` the same of
    the window before. An invoice that was taken back in full gave nothing away: see :func:`reversals_sql`.
    """
    return SQL(
        """SELECT note.partner_id,
                  SUM(note.amount) FILTER (WHERE inside) AS credited,
                  SUM(note.margin) FILTER (WHERE inside) AS margin,
                  SUM(note.margin) FILTER (WHERE NOT inside) AS margin_before
             FROM (
           SELECT contact.commercial_partner_id AS partner_id, m.invoice_date >= %(start)s AS inside,
                  -m.amount_untaxed_signed AS amount,
                  ROUND(CASE WHEN %(cost_is_real)s THEN cost.amount ELSE 0 END - m.amount_untaxed_signed,
                        %(digits)s) AS margin
             FROM account_move m
             JOIN res_partner contact ON contact.id = m.partner_id
             %(cost)s
            WHERE m.company_id = %(company)s
              AND %(among)s
              AND m.state = 'posted'
              AND m.move_type = 'out_refund'
              AND m.invoice_date BETWEEN %(start)s - %(window)s AND %(as_of)s
              AND %(real)s
              AND m.id NOT IN (SELECT credit_id FROM (%(reversals)s) reversal)
              AND %(partners)s) note
            GROUP BY note.partner_id""",
        cost=_cost_join_sql(scope),
        window=scope.window_days,
        digits=scope.decimal_places,
        real=is_amount_sql(SQL("m.amount_untaxed_signed")),
        cost_is_real=is_amount_sql(SQL("cost.amount")),
        reversals=reversals_sql(scope),
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
