from odoo import fields, models

from ..base.number_fields import Float, Monetary
from .customer_value import AMOUNT_GROUP


class CustomerValue(models.Model):
    """What a customer will do in the next 12 months, and how far to believe it: see engine/outlook/outlook.py."""

    _inherit = "customer.value"

    has_prediction = fields.Boolean(
        readonly=True, help="Whether there is a forecast: every customer who has bought has one."
    )
    probability_alive = Float(
        "Still a Customer (0–1)",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability that the customer has not left for good. They may still buy late: see the risk of loss. "
        "1 is 100 %.",
        optional=True,
    )
    probability_active_12m = Float(
        "Probability of a Purchase (0–1)",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability of at least one purchase in the next 12 months. 1 is 100 %.",
        optional=True,
    )
    churn_risk = Float(
        "Risk of Loss (0–1)",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability of no purchase at all in the next 12 months. 1 is 100 %.",
        optional=True,
    )
    churn_level = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        "Risk of Loss",
        readonly=True,
        help="Probability of no purchase at all in the next 12 months. Low: below 35 %. High: 65 % or more.",
    )
    expected_purchases_12m = Float(
        "Expected Purchases", digits=(16, 2), readonly=True, help="Purchase days in the next 12 months.",
        optional=True,
    )
    clv_12m = Monetary(
        "Expected Value, 12 Months",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin we expect in the next 12 months, less the yearly discount. Revenue where no margin is known.",
        optional=True,
    )
    value_at_risk = Monetary(
        "Money at Risk",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="What the customer brought in the period (margin, or revenue where no margin is known) times the risk of "
        "loss. Without a trusted forecast, how late the customer is takes the place of the risk.",
        optional=True,
    )
    value_at_risk_basis = fields.Selection(
        [
            ("model", "Predicted"),
            ("model_revenue", "Predicted, by revenue"),
            ("rhythm", "Estimated from rhythm"),
            ("rhythm_revenue", "Estimated from rhythm, by revenue"),
        ],
        "Money at Risk Found By",
        readonly=True,
        help="By revenue: the margin of the customer is not known. Estimated from rhythm: half of the money at twice "
        "the usual gap, two thirds at three times. Empty: not known.",
    )
    shown_value_at_risk = Monetary("Money at Risk ", compute="_compute_shown_amounts", optional=True)
    expected_next_purchase_date = fields.Date(
        "Next Purchase",
        readonly=True,
        help="If the customer buys within a year: equally likely before and after this day.",
    )
    next_purchase_from = fields.Date(
        readonly=True,
        help="If the customer buys within a year: in four of five cases the next purchase is between this day and the "
        "last day of the range.",
    )
    next_purchase_to = fields.Date(readonly=True)
    clv_method = fields.Selection(
        [
            ("model", "Model of purchases"),
            ("prior", "Model with typical values (few customers)"),
            ("rates", "Average rates"),
            ("last_good", "Model of an earlier week"),
            ("steady", "Regular rhythm"),
            ("rule", "Simple rule"),
            ("none", "No forecast"),
        ],
        "Predicted By",
        readonly=True,
        help="Model of purchases: learned from all customers of the company (MBG/CNBD-k). With typical values: the "
        "same for few customers, with figures from typical shops added. Average rates: no model could be learned. "
        "Model of an earlier week: this week's could not be learned. Regular rhythm: the customer buys at regular "
        "intervals, as under a contract. The next order is due one interval after the last; after 1.5 the risk is "
        "high. Simple rule: the customer buys as often as before, and less the later they are (half at twice the usual "
        "gap, a third at three times). We use the method that was best in the last 26 weeks of the company.",
    )
    clv_confidence = fields.Selection(
        [("high", "High"), ("low", "Low")],
        "Confidence",
        readonly=True,
        help="High: learned from at least 500 customers and a year of purchases, and better in a test than assuming "
        "that everybody buys as before. Low: a rough estimate. Empty: not bought yet.",
    )
    shown_clv_12m = Monetary("Expected Value, 12 Months ", compute="_compute_shown_amounts", optional=True)
