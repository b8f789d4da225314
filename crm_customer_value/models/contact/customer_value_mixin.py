from odoo import fields, models

from ..value.customer_value_mixin import SALES_GROUP
from .res_partner import SERVICE_GROUP


class CustomerValueMixin(models.AbstractModel):
    """Names a customer's stage for service agents, who may not open stages."""

    _inherit = "customer.value.mixin"
    _customer_value_shown = ("lifecycle_stage_name",)

    lifecycle_stage_name = fields.Char(
        "Stage of the Customer", related="customer_value_id.lifecycle_stage_id.name", exportable=False,
        groups=f"{SALES_GROUP},{SERVICE_GROUP}",
    )
