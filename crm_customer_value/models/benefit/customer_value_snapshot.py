from odoo import api, models

from ..base.number_fields import Float, Monetary
from ..value.customer_value import AMOUNT_GROUP
from ..value.part_fields import part_fields
from .customer_value import AMOUNTS


class CustomerValueSnapshot(models.Model):
    """What the customer gained at a month end."""

    _inherit = "customer.value.snapshot"

    vars().update(part_fields("benefit", "Benefit", snapshot=True))
    # Offered for export are the twins below, which everybody may read.
    benefit_gain_12m = Monetary(
        "Their Gain (period)", readonly=True, groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    benefit_ratio = Float(
        "Gain for Each 1 Paid", digits=(16, 2), readonly=True, aggregator="avg", groups=AMOUNT_GROUP,
        exportable=False, optional=True,
    )
    economic_score = Float(
        digits=(16, 1), readonly=True, aggregator="avg", groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    functional_score = Float(
        digits=(16, 1), readonly=True, aggregator="avg", groups=AMOUNT_GROUP, exportable=False, optional=True
    )
    shown_benefit_gain_12m = Monetary("Their Gain (period) ", compute="_compute_shown_amounts", optional=True)
    shown_benefit_ratio = Float(
        "Gain for Each 1 Paid ", digits=(16, 2), compute="_compute_shown_amounts", optional=True
    )
    shown_economic_score = Float(
        "Economic Score ", digits=(16, 1), compute="_compute_shown_amounts", optional=True
    )
    shown_functional_score = Float(
        "Functional Score ", digits=(16, 1), compute="_compute_shown_amounts", optional=True
    )
    emotional_score = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    benefit_index = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    value_delivered = Float("Value Delivered (%)", digits=(16, 1), readonly=True, aggregator="avg", optional=True)

    @api.model
    def _amount_fields(self):
        return (*super()._amount_fields(), *AMOUNTS)
