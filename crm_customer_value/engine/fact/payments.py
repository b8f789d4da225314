"""How customers pay: what fell due in the period, and how much of it came in time."""

from odoo.tools import SQL

from .facts import is_amount_sql


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

    Columns: partner_id, amount_due, amount_on_time, amounts_due (how many were due). What is due on ``as_of``
    may still be paid that day, so it does not count yet. Receivable lines of posted invoices by their own due
    date (one line an instalment); what a credit note settled was never to be paid, so it leaves the amount due.
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
               SUM(ROUND(share.debit * share.due / share.amount, %(digits)s)) AS amount_due,
               SUM(ROUND(share.debit * LEAST(share.on_time, share.due) / share.amount, %(digits)s)) AS amount_on_time,
               COUNT(*) FILTER (WHERE share.due > 0) AS amounts_due
          FROM share JOIN res_partner contact ON contact.id = share.partner_id
         WHERE %(partners)s
         GROUP BY contact.commercial_partner_id""",
        lines=_due_lines_sql(scope),
        registered=_registered_sql(scope),
        partials=_partials_sql(scope),
        streams=_streams_sql(),
        digits=scope.decimal_places,
        partners=scope.partners(SQL("contact.commercial_partner_id")),
    )
