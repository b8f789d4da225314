from odoo import models

from ..value.part_fields import part_fields


class CustomerValueSnapshot(models.Model):
    """How satisfied the customer was at a month end."""

    _inherit = "customer.value.snapshot"

    vars().update(part_fields("satisfaction", snapshot=True))
