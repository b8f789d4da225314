from odoo import fields, models

from ..satisfaction.customer_complaint_stake import SALES_GROUP, SERVICE_GROUP


class CustomerComplaint(models.Model):
    """The desk serves by the level of the customer, as by their class."""

    _inherit = "customer.complaint"

    care_level_id = fields.Many2one(groups=f"{SALES_GROUP},{SERVICE_GROUP}")
