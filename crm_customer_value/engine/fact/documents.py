"""Orders, invoices and credit notes: how purchases and what was credited are read from the documents of Odoo."""

from odoo.tools import SQL

from .facts import is_amount_sql


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


def orders_sql(scope):
    """SQL: confirmed sales orders, as a source of purchases."""
    currency, rate = SQL("o.currency_id"), SQL("o.currency_rate")
    return SQL(
        """WITH taken_back AS MATERIALIZED (%(taken_back)s)
           SELECT o.partner_id, o.id AS document_id, 'sale.order' AS model,
                  %(day)s AS day,
                  %(revenue)s AS revenue,
                  %(margin)s AS margin,
                  FALSE AS credit,
                  o.name,
                  %(unrated)s AS unrated
             FROM sale_order o
            WHERE %(mine)s
              AND o.state = 'sale'
              AND %(until)s
              AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.order_id = o.id)""",
        taken_back=taken_back_orders_sql(scope) if scope.taken_back is None
        else SQL("SELECT UNNEST(%s::int[]) AS order_id", scope.taken_back),
        day=scope.day(SQL("o.date_order")),
        revenue=scope.money(SQL("o.amount_untaxed"), currency, rate),
        margin=scope.money(SQL("o.margin"), currency, rate),
        unrated=scope.unrated(currency, rate),
        mine=scope.mine("o"),
        until=scope.until(SQL("o.date_order")),
    )


def invoices_sql(scope):
    """SQL: posted customer invoices and credit notes, as a source of purchases.

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
            WHERE %(mine)s
              AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.invoice_date <= %(as_of)s
              AND NOT EXISTS (SELECT 1 FROM reversal WHERE reversal.id = m.id)""",
        cost=_cost_join_sql(scope),
        digits=scope.decimal_places,
        reversals=reversals_sql(scope),
        unrated=scope.unrated(SQL("m.currency_id"), SQL("m.invoice_currency_rate")),
        mine=scope.mine("m"),
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


def credits_sql(scope):
    """SQL: what was credited to customers, per customer.

    Columns: partner_id, amount_credited, margin_credited, margin_credited_before. ``amount_credited`` in the
    window: untaxed amounts of posted credit notes, above zero, in company currency, which are part of what it
    costs to serve a customer, by whichever documents revenue is counted. ``margin_credited`` is how much of that
    was margin, as goods that come back are worth what they cost; ``margin_credited_before`` the same of the
    window before. An invoice that was taken back in full gave nothing away: see :func:`reversals_sql`.
    """
    return SQL(
        """SELECT note.partner_id,
                  SUM(note.amount) FILTER (WHERE inside) AS amount_credited,
                  SUM(note.margin) FILTER (WHERE inside) AS margin_credited,
                  SUM(note.margin) FILTER (WHERE NOT inside) AS margin_credited_before
             FROM (
           SELECT contact.commercial_partner_id AS partner_id, m.invoice_date >= %(start)s AS inside,
                  -m.amount_untaxed_signed AS amount,
                  ROUND(CASE WHEN %(cost_is_real)s THEN cost.amount ELSE 0 END - m.amount_untaxed_signed,
                        %(digits)s) AS margin
             FROM account_move m
             JOIN res_partner contact ON contact.id = m.partner_id
             %(cost)s
            WHERE %(counted)s) note
            GROUP BY note.partner_id""",
        cost=_cost_join_sql(scope),
        digits=scope.decimal_places,
        cost_is_real=is_amount_sql(SQL("cost.amount")),
        start=scope.window_start,
        counted=credit_counts_sql(scope),
    )


def credit_counts_sql(scope):
    """SQL condition: ``m`` is a credit note to ``contact`` that :func:`credits_sql` counts, of the window or before."""
    return SQL(
        """(%(mine)s
            AND m.state = 'posted'
            AND m.move_type = 'out_refund'
            AND m.invoice_date BETWEEN %(start)s - %(window)s AND %(as_of)s
            AND %(real)s
            AND m.id NOT IN (SELECT credit_id FROM (%(reversals)s) reversal)
            AND %(partners)s)""",
        mine=scope.mine("m"),
        start=scope.window_start,
        window=scope.window_days,
        as_of=scope.as_of,
        real=is_amount_sql(SQL("m.amount_untaxed_signed")),
        reversals=reversals_sql(scope),
        partners=scope.partners(SQL("contact.commercial_partner_id")),
    )
