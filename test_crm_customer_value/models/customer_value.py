from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_value.engine.value.parts import Part
from odoo.addons.crm_customer_value.models.value.part_fields import part_fields


class CustomerValue(models.Model):
    _inherit = "customer.value"

    vars().update(part_fields("recommendation", "Recommendations", "10 for each recommendation, up to 100."))

    @api.model
    def _index_parts(self):
        return super()._index_parts() | {
            "recommendation": Part(SQL("100 * w.recommended"), after="loyalty", weight=15),
        }


class CustomerValueSnapshot(models.Model):
    _inherit = "customer.value.snapshot"

    vars().update(part_fields("recommendation", "Recommendations", snapshot=True))
