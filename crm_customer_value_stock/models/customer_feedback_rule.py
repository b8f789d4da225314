from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.feedback import occasions


class CustomerFeedbackRule(models.Model):
    """Asks after an order was delivered."""

    _inherit = "customer.feedback.rule"

    trigger = fields.Selection(
        selection_add=[("delivery", "Order Delivered"), ("payment",)], ondelete={"delivery": "cascade"}
    )

    def _occasions_sql(self, period):
        if self.trigger != "delivery":
            return super()._occasions_sql(period)
        # What was ordered is delivered when nothing of it is on its way any more, and the last of it has arrived.
        return SQL(
            """SELECT 'delivery,' || sale.id AS occasion, sale.partner_id, delivered.done AS happened, line.product_id,
                      sale.team_id, sale.user_id
                 FROM (SELECT picking.sale_id, MAX(picking.date_done) AS done
                         FROM stock_picking picking
                         JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                        WHERE picking.company_id = %(company)s AND picking.state = 'done' AND kind.code = 'outgoing'
                          AND picking.sale_id IS NOT NULL AND %(inside)s
                        GROUP BY picking.sale_id) delivered
                 JOIN sale_order sale ON sale.id = delivered.sale_id
                 %(product)s
                WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND sale.delivery_status = 'full'""",
            company=period.company_id, inside=period.holds(SQL("picking.date_done")),
            product=occasions.main_product_sql(),
        )
