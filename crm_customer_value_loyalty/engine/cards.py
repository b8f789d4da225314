"""Gift cards and eWallets: a means of payment is no discount, and what is put on a card is no purchase yet.

Odoo writes both as lines of an order. A payment lowers its untaxed amount, by taxes and all, down to below zero;
a deposit raises it. Both lines are taken out of revenue and margin, so that an order is worth what its goods are,
whoever bought the card: who pays with it is the customer. A deposit alone is no document that counts.

Card lines are few among all lines. They are looked up by the index of their reward or product, and the orders or
invoices that they belong to by their ids: nothing else of a company's lines is read.
"""

from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact.documents import credit_counts_sql


class Cards(NamedTuple):
    """How to tell the lines of cards from those of goods, in one company."""

    payments: list  # loyalty.reward ids: paying with a card
    payment_products: list  # product.product ids: what these rewards are booked as on an invoice
    deposits: list  # product.product ids: what puts money on a card


def _of_few_sql(scope, table, column):
    """SQL condition: ``column`` names a document of the few customers; TRUE in bulk."""
    if scope.bulk:
        return SQL("TRUE")
    return SQL("%s = ANY(ARRAY(SELECT few.id FROM %s few WHERE %s))", column, SQL.identifier(table), scope.mine("few"))


def _order_lines_sql(scope, cards):
    """SQL: what the card lines of orders add up to, in the currency of the order: order_id, amount (untaxed)."""
    return SQL(
        """SELECT l.order_id, SUM(l.price_subtotal) AS amount
             FROM sale_order_line l
            WHERE (l.reward_id = ANY(%(payments)s) OR l.product_id = ANY(%(deposits)s) AND l.reward_id IS NULL)
              AND %(few)s
            GROUP BY l.order_id""",
        payments=cards.payments,
        deposits=cards.deposits,
        few=_of_few_sql(scope, "sale_order", SQL("l.order_id")),
    )


def _invoice_lines_sql(scope, cards):
    """SQL: what the card lines of invoices and credit notes add up to: move_id, amount.

    In company currency, with the sign of revenue. Payments are known by the order line that was billed, or
    by their product, as in a credit note that somebody wrote by hand.
    """
    billed = SQL(
        """l.id = ANY(ARRAY(
               SELECT billed.invoice_line_id
                 FROM sale_order_line_invoice_rel billed
                WHERE billed.order_line_id = ANY(ARRAY(
                        SELECT s.id FROM sale_order_line s WHERE s.reward_id = ANY(%s)))))""",
        cards.payments,
    ) if scope.bulk else SQL(
        """EXISTS (SELECT 1
                     FROM sale_order_line_invoice_rel billed
                     JOIN sale_order_line s ON s.id = billed.order_line_id
                    WHERE billed.invoice_line_id = l.id AND s.reward_id = ANY(%s))""",
        cards.payments,
    )
    return SQL(
        """SELECT l.move_id, -SUM(l.balance) AS amount
             FROM account_move_line l
            WHERE l.display_type = 'product' AND (l.product_id = ANY(%(products)s) OR %(billed)s) AND %(few)s
            GROUP BY l.move_id""",
        products=[*cards.payment_products, *cards.deposits],
        billed=billed,
        few=_of_few_sql(scope, "account_move", SQL("l.move_id")),
    )


def orders_sql(scope, source, cards):
    """SQL: sales orders as a source of purchases, without what was paid by card or put on one.

    What is taken off an order in another currency is the difference of two rounded amounts, so that an order
    brings the same to the cent, however it was paid.

    :param SQL source: of sales orders
    :param Cards cards: of the company
    """
    currency, rate = SQL("o.currency_id"), SQL("o.currency_rate")
    return _without_cards_sql(source, SQL(
        """WITH line AS MATERIALIZED (%(lines)s)
           SELECT o.id AS document_id, %(revenue)s - %(goods_revenue)s AS revenue,
                  %(margin)s - %(goods_margin)s AS margin
             FROM line
             JOIN sale_order o ON o.id = line.order_id
            WHERE o.id = ANY(ARRAY(SELECT order_id FROM line)) AND %(mine)s""",
        lines=_order_lines_sql(scope, cards),
        revenue=scope.money(SQL("o.amount_untaxed"), currency, rate),
        goods_revenue=scope.money(SQL("(o.amount_untaxed - line.amount)"), currency, rate),
        margin=scope.money(SQL("o.margin"), currency, rate),
        goods_margin=scope.money(SQL("(o.margin - line.amount)"), currency, rate),
        mine=scope.mine("o"),
    ))


def invoices_sql(scope, source, cards):
    """SQL: invoices and credit notes as a source of purchases, without what was paid by card or put on one.

    :param SQL source: of invoices
    :param Cards cards: of the company
    """
    return _without_cards_sql(source, SQL(
        "SELECT move_id AS document_id, amount AS revenue, amount AS margin FROM (%s) line",
        _invoice_lines_sql(scope, cards),
    ))


def _without_cards_sql(source, card):
    """SQL: documents less the card lines in them; those of which nothing is left are no documents.

    Most documents have no card lines. For these nothing is compared or subtracted.

    :param SQL card: document_id, revenue, margin
    """
    return SQL(
        """WITH card AS MATERIALIZED (%(card)s)
           SELECT d.partner_id, d.document_id, d.model, d.day,
                  CASE WHEN card.document_id IS NULL THEN d.revenue ELSE d.revenue - card.revenue END AS revenue,
                  CASE WHEN card.document_id IS NULL THEN d.margin ELSE d.margin - card.margin END AS margin,
                  d.credit, d.name, d.unrated
             FROM (%(source)s) d
             LEFT JOIN card ON card.document_id = d.document_id
            WHERE card.document_id IS NULL OR (d.revenue = card.revenue AND d.margin = card.margin) IS NOT TRUE""",
        card=card,
        source=source,
    )


def credited_sql(scope, cards):
    """SQL: what the card lines in credit notes change about what was credited, in the columns of that measure.

    Goods that come back are credited in full, also where the money went back to the card; a card that comes
    back was a deposit, and gives nothing away.

    :param Cards cards: of the company
    """
    return SQL(
        """WITH line AS MATERIALIZED (%(lines)s)
           SELECT contact.commercial_partner_id AS partner_id,
                  SUM(line.amount) FILTER (WHERE m.invoice_date >= %(start)s) AS amount_credited,
                  SUM(line.amount) FILTER (WHERE m.invoice_date >= %(start)s) AS margin_credited,
                  SUM(line.amount) FILTER (WHERE m.invoice_date < %(start)s) AS margin_credited_before
             FROM line
             JOIN account_move m ON m.id = line.move_id
             JOIN res_partner contact ON contact.id = m.partner_id
            WHERE m.id = ANY(ARRAY(SELECT move_id FROM line)) AND %(counted)s
            GROUP BY contact.commercial_partner_id""",
        lines=_invoice_lines_sql(scope, cards),
        start=scope.window_start,
        counted=credit_counts_sql(scope),
    )
