from odoo import models
from odoo.tools import SQL


class CustomerValueRun(models.Model):
    _inherit = "customer.value.run"

    def _purchase_sources(self, scope):
        """Count imported purchases, whose amounts were converted when they were imported."""
        return super()._purchase_sources(scope) | {"customer.purchase.history": SQL(
            """SELECT h.partner_id, h.id AS document_id, 'customer.purchase.history' AS model, h.date AS day,
                      h.amount AS revenue, CASE WHEN h.has_margin THEN h.margin END AS margin, FALSE AS credit,
                      h.reference AS name, FALSE AS unrated
                 FROM customer_purchase_history h WHERE %s AND h.date <= %s""",
            scope.mine("h"), scope.as_of,
        )}
