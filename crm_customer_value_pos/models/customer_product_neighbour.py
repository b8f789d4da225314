from odoo import api, models
from odoo.tools import SQL


class CustomerProductNeighbour(models.Model):
    _inherit = "customer.product.neighbour"

    @api.model
    def _bought_lines(self, company, among, since=None):
        """Count what was paid for at the register."""
        return super()._bought_lines(company, among, since) | {
            "pos.order.line": SQL(
                """SELECT contact.commercial_partner_id AS customer_id, line.product_id AS item_id,
                          document.date_order::date AS day, line.qty AS quantity
                     FROM pos_order_line line
                     JOIN pos_order document ON document.id = line.order_id
                     JOIN res_partner contact ON contact.id = document.partner_id
                    WHERE document.company_id = %(company)s AND document.state IN ('paid', 'done')
                      AND line.product_id NOT IN (
                            SELECT down_payment_product_id FROM pos_config WHERE down_payment_product_id IS NOT NULL)
                      AND document.date_order >= %(since)s AND %(among)s""",
                company=company.id, since=since or "-infinity", among=among,
            ),
        }
