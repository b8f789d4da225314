from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.fact import documents


class CustomerValueRun(models.Model):
    _inherit = "customer.value.run"

    def _purchase_sources(self, scope):
        return super()._purchase_sources(scope) | {"pos.order": self._pos_orders_sql(scope)}

    @api.model
    def _value_also_reads(self):
        rarely = "changes rarely: the nightly recompute finds it"
        return super()._value_also_reads() | {"pos.config": {"currency_id": rarely}}

    @api.model
    def _pos_orders_sql(self, scope):
        """Return the SQL of paid orders of the point of sale, as a source of purchases.

        The register turns the sign of the lines of a return and the server does not. So a line takes its sign from
        quantity and price, as in Odoo's own sales analysis. The cost always has the sign of the quantity.
        """
        currency, rate = SQL("shop.currency_id"), SQL("o.currency_rate")
        by_invoice = scope.source == "invoice"
        return SQL(
            """%(taken_back)s
               SELECT o.partner_id, o.id AS document_id, 'pos.order' AS model,
                      %(day)s AS day,
                      %(revenue)s AS revenue,
                      ROUND(%(margin)s, %(digits)s) AS margin,
                      o.amount < 0 AS credit,
                      o.name,
                      %(unrated)s AS unrated
                 FROM (SELECT o.id, o.partner_id, o.config_id, o.date_order, o.currency_rate, o.name,
                              SUM(SIGN(line.qty) * SIGN(line.price_unit) * ABS(line.price_subtotal)) AS amount,
                              CASE WHEN BOOL_AND(line.is_total_cost_computed IS TRUE)
                                   THEN SUM(line.total_cost) END AS cost
                         FROM pos_order o
                         JOIN pos_order_line line ON line.order_id = o.id
                        WHERE %(mine)s
                          AND o.partner_id IS NOT NULL
                          AND o.state IN ('paid', 'done')
                          AND %(until)s
                          AND %(counts)s
                        GROUP BY o.id) o
                 JOIN pos_config shop ON shop.id = o.config_id""",
            day=scope.day(SQL("o.date_order")),
            revenue=scope.money(SQL("o.amount"), currency, rate),
            margin=scope.money(SQL("(o.amount - o.cost)"), currency, rate),
            digits=scope.decimal_places,
            unrated=scope.unrated(currency, rate),
            mine=scope.mine("o"),
            until=scope.until(SQL("o.date_order")),
            taken_back=SQL() if by_invoice else SQL(
                "WITH taken_back AS MATERIALIZED (%s)", self._pos_taken_back_sql(scope)
            ),
            counts=self._pos_counted_sql(scope),
        )

    @api.model
    def _pos_counted_sql(self, scope):
        """Return the SQL condition: the line ``line`` of the order ``o`` counts."""
        return self._pos_not_invoiced_sql(scope) if scope.source == "invoice" else self._pos_not_ordered_sql()

    @api.model
    def _pos_not_invoiced_sql(self, scope):
        """Return the SQL condition: no invoice counts in place of the order ``o``."""
        return SQL(
            """(o.account_move IS NULL OR NOT EXISTS (
                    SELECT 1 FROM account_move invoice
                     WHERE invoice.id = o.account_move AND invoice.invoice_date <= %s))""",
            scope.as_of,
        )

    @api.model
    def _pos_taken_back_sql(self, scope):
        """Return the SQL of the sales orders that do not count because they were taken back: order_id."""
        if scope.taken_back is None:
            return documents.taken_back_orders_sql(scope)
        return SQL("SELECT UNNEST(%s::int[]) AS order_id", scope.taken_back)

    @api.model
    def _pos_not_ordered_sql(self):
        """Return the SQL condition: no sales order counts in place of the line ``line``.

        A confirmed sales order counts in full, whatever of it was paid for at the register, unless its invoices were
        taken back in full, as by somebody who came and paid at the register instead. What is returned takes back a
        part of it; a down payment that is given back takes back nothing that was bought.
        """
        sold_line = SQL("FROM sale_order_line sold_line WHERE sold_line.id = line.sale_order_line_id")
        return SQL(
            """((line.sale_order_origin_id IS NULL AND line.sale_order_line_id IS NULL) OR NOT EXISTS (
                    SELECT 1
                      FROM sale_order sold
                     WHERE sold.id = COALESCE(line.sale_order_origin_id, (SELECT sold_line.order_id %(sold_line)s))
                       AND sold.state = 'sale'
                       AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.order_id = sold.id)
                       AND (line.refunded_orderline_id IS NULL OR (SELECT sold_line.is_downpayment %(sold_line)s))))""",
            sold_line=sold_line,
        )
