from odoo import models

from ...models.base.number_fields import Float


class CustomerValueDryRun(models.TransientModel):
    """How what customers gain is scored can be tried, too."""

    _inherit = "customer.value.dry.run"

    economic_weight = Float("Weight of the Economic Score", digits=(6, 2))
    functional_weight = Float("Weight of the Functional Score", digits=(6, 2))
    emotional_weight = Float("Weight of the Emotional Score", digits=(6, 2))
    benefit_floor = Float("Least Amount Paid", digits=(16, 2))
    benefit_index_limit = Float("Benefit Index Is Low below", digits=(5, 1))
    value_delivered_limit = Float("Value Delivered Is Low below (%)", digits=(5, 1))
