from odoo import models

from ..base.number_fields import Float, Monetary
from ..value.customer_value import AMOUNT_GROUP
from ..value.part_fields import part_fields


class CustomerValueSnapshot(models.Model):
    """What the customer gained at a month end."""

    _inherit = "customer.value.snapshot"

    vars().update(part_fields("benefit", "Benefit", snapshot=True))
    benefit_gain_12m = Monetary("Their Gain (period)", readonly=True, groups=AMOUNT_GROUP, optional=True)
    benefit_ratio = Float(
        "Gain for Each 1 Paid", digits=(16, 2), readonly=True, aggregator="avg", groups=AMOUNT_GROUP, optional=True
    )
    economic_score = Float(digits=(16, 1), readonly=True, aggregator="avg", groups=AMOUNT_GROUP, optional=True)
    functional_score = Float(digits=(16, 1), readonly=True, aggregator="avg", groups=AMOUNT_GROUP, optional=True)
    emotional_score = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    benefit_index = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    value_delivered = Float("Value Delivered (%)", digits=(16, 1), readonly=True, aggregator="avg", optional=True)
