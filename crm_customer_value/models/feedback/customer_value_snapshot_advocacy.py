from odoo import models

from ..value.part_fields import part_fields


class CustomerValueSnapshot(models.Model):
    """What recommendations added at a month end."""

    _inherit = "customer.value.snapshot"

    vars().update(part_fields("advocacy", "Advocacy", snapshot=True))
