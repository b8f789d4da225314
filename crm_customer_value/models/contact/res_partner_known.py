"""What service agents without sales rights know of a customer's value: class and stage, and no amount."""

from odoo import fields, models

from ..value.customer_value_mixin import SALES_GROUP
from .res_partner import SERVICE_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    value_class = fields.Selection(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
    lifecycle_health = fields.Selection(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
