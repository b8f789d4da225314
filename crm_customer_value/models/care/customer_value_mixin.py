from odoo import fields, models

from ..value.customer_value_mixin import SALES_GROUP


class CustomerValueMixin(models.AbstractModel):
    """Shows on partners, orders and opportunities by which level a customer is served."""

    _inherit = "customer.value.mixin"
    _customer_value_shown = ("care_level_id", "care_due_on")

    care_level_id = fields.Many2one(related="customer_value_id.care_level_id", groups=SALES_GROUP)
    care_due_on = fields.Date(related="customer_value_id.care_due_on", groups=SALES_GROUP)
