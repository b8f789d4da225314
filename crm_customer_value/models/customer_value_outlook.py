from odoo import fields, models

from .customer_value import AMOUNT_GROUP
from .number_fields import Float, Monetary


class CustomerValue(models.Model):
    """What a customer will do in the next 12 months, and how far to believe it: see engine/outlook.py."""

    _inherit = "customer.value"

    has_prediction = fields.Boolean(
        readonly=True, help="Whether the customer has bought: everybody who did has a forecast."
    )
    probability_alive = Float(
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability that the customer has not left for good. Not the same as buying soon: see "
        "the churn risk.",
        optional=True,
    )
    probability_active_12m = Float(
        "Probability of a Purchase",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability of at least one purchase in the next 12 months.",
        optional=True,
    )
    churn_risk = Float(
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Probability of no purchase at all in the next 12 months.",
        optional=True,
    )
    churn_level = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        "Risk of Loss",
        readonly=True,
        help="The churn risk in words: low below 35 %, high from 65 %.",
    )
    expected_purchases_12m = Float(
        "Expected Purchases", digits=(16, 2), readonly=True, help="Purchase days in the next 12 months.",
        optional=True,
    )
    clv_12m = Monetary(
        "Expected Value, 12 Months",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Expected margin of the next 12 months, discounted; revenue where no margin is known.",
        optional=True,
    )
    value_at_risk = Monetary(
        "Money at Risk",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="What the customer brought in the window (margin; revenue where no margin is known), "
        "times the risk of a loss; where the risk is not known, times how late the customer is by their own rhythm.",
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
        "the usual silence, two thirds at three times. Empty: nothing is known.",
    )
    shown_value_at_risk = Monetary("Money at Risk ", compute="_compute_shown_amounts", optional=True)
    expected_next_purchase_date = fields.Date(
        "Next Purchase", readonly=True, help="If the customer buys within a year: as likely before as after."
    )
    next_purchase_from = fields.Date(
        readonly=True, help="Four of five next purchases fall between this day and the last one."
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
        "same, where customers are few. Average rates: where no model could be fitted. Model of an earlier week: "
        "this week's could not be fitted. Regular rhythm: the customer buys at nearly constant distances, as under a "
        "contract; the next purchase is due one period after the last, and the risk is high once one and a half have "
        "passed. Simple rule: the customer goes on at the average rate, in the share that is not late (half at twice "
        "the usual gap, a third at three times). What did best in the last 26 weeks of the company is used.",
    )
    clv_confidence = fields.Selection(
        [("high", "High"), ("low", "Low")],
        "Confidence",
        readonly=True,
        help="High: learned from 500 customers and a year of purchases or more, and better in a test than "
        "expecting everybody to go on as before. Low: a rough estimate. Empty for who has not bought yet.",
    )
    shown_clv_12m = Monetary("Expected Value, 12 Months ", compute="_compute_shown_amounts", optional=True)
