from odoo import api, fields, models
from odoo.tools import SQL


class CustomerFeedback(models.Model):
    """Answers are told apart by the care level that the customer had when they were asked."""

    _inherit = "customer.feedback"

    care_level_id = fields.Many2one(
        "customer.care.level", readonly=True, index="btree_not_null", ondelete="set null",
        help="Of the customer, when they were asked.",
    )

    @api.model
    def _customer_columns(self):
        return super()._customer_columns() | {"care_level_id": SQL("value.care_level_id")}

    @api.model
    def _result_groups(self):
        return super()._result_groups() | {"care_level_id": self.env._("Care Level")}
