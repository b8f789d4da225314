from odoo import fields, models

from ..base.number_fields import Float
from ..value.customer_value_mixin import SALES_GROUP


class CustomerValueMixin(models.AbstractModel):
    """Shows on partners, orders and opportunities what the customer gains from us."""

    _inherit = "customer.value.mixin"
    _customer_value_shown = ("benefit_index", "benefit_level", "value_delivered")

    benefit_index = Float(related="customer_value_id.benefit_index", groups=SALES_GROUP, optional=True)
    benefit_level = fields.Selection(related="customer_value_id.benefit_level", groups=SALES_GROUP)
    value_delivered = Float(related="customer_value_id.value_delivered", groups=SALES_GROUP, optional=True)
