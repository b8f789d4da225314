from odoo import api, fields, models
from odoo.tools import SQL


class CustomerProductNeighbour(models.Model):
    """A product that customers buy who buy another one: see ``engine/offer/neighbours.py``."""

    _name = "customer.product.neighbour"
    _description = "Product That Goes with Another"
    _inherit = ["customer.neighbour.mixin"]
    _order = "product_id, score desc, other_id"
    _rec_name = "other_id"
    _log_access = False
    _item = "product_id"

    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    other_id = fields.Many2one(
        "product.product", "Goes with", required=True, readonly=True, ondelete="cascade"
    )
    _other_uniq = models.Constraint(
        "UNIQUE(product_id, other_id, company_id)", "Two products are neighbours once."
    )
    _other_company_idx = models.Index("(other_id, company_id)")

    @api.model
    def _bought_lines(self, company, among, since=None):
        """Return the SQL of lines that say who bought which product, by model: {model: SQL}.

        Extension point for other documents. Columns: customer_id (the commercial partner), item_id (the product),
        day, and quantity, which is negative for what comes back.

        :param SQL among: condition on ``contact``, a row of res_partner: whose purchases are asked for
        :param date since: purchases before this day are left out; None: all count
        """
        # What compensates a complaint takes nothing back.
        return {
            "sale.order.line": SQL(
                """SELECT contact.commercial_partner_id AS customer_id, line.product_id AS item_id,
                          document.date_order::date AS day, line.product_uom_qty AS quantity
                     FROM sale_order_line line
                     JOIN sale_order document ON document.id = line.order_id
                     JOIN res_partner contact ON contact.id = document.partner_id
                    WHERE document.company_id = %(company)s AND document.state = 'sale' AND line.product_id IS NOT NULL
                      AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
                      AND document.date_order >= %(since)s AND %(among)s""",
                company=company.id, since=since or "-infinity", among=among,
            ),
            "account.move.line": SQL(
                """SELECT contact.commercial_partner_id AS customer_id, line.product_id AS item_id,
                          document.invoice_date AS day,
                          CASE WHEN document.move_type = 'out_refund' THEN -line.quantity ELSE line.quantity END
                              AS quantity
                     FROM account_move_line line
                     JOIN account_move document ON document.id = line.move_id
                     JOIN res_partner contact ON contact.id = document.partner_id
                    WHERE document.company_id = %(company)s AND document.state = 'posted'
                      AND document.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                      AND document.complaint_id IS NULL AND line.product_id IS NOT NULL
                      AND line.display_type = 'product' AND line.is_downpayment IS NOT TRUE
                      AND document.invoice_date >= %(since)s AND %(among)s""",
                company=company.id, since=since or "-infinity", among=among,
            ),
            "customer.purchase.history.line": SQL(
                """SELECT contact.commercial_partner_id AS customer_id, line.product_id AS item_id,
                          document.date AS day,
                          CASE WHEN line.amount < 0 THEN -ABS(COALESCE(line.quantity, 1))
                               ELSE COALESCE(line.quantity, 1) END AS quantity
                     FROM customer_purchase_history_line line
                     JOIN customer_purchase_history document ON document.id = line.purchase_id
                     JOIN res_partner contact ON contact.id = document.partner_id
                    WHERE document.company_id = %(company)s AND line.product_id IS NOT NULL
                      AND document.date >= %(since)s AND %(among)s""",
                company=company.id, since=since or "-infinity", among=among,
            ),
        }
