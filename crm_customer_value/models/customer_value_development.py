from odoo import fields, models

from .number_fields import Float, Monetary


class CustomerValue(models.Model):
    """Where a customer is going: development, potential, and what serving them costs."""

    _inherit = "customer.value"

    development_index = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Spend against the window before, compared with the company's own growth: 50 grows with us, "
        "100 four times as fast, 0 a quarter. Thin histories are drawn towards 50.",
        optional=True,
    )
    has_development = fields.Boolean(
        readonly=True, help="Whether the customer brought revenue in the window before."
    )
    development_evidence = Float(
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="How much of the weight of development counts, in percent: half with three purchase days in the "
        "window before.",
    )
    cost_to_serve = Monetary(
        "Cost to Serve",
        readonly=True,
        groups="sales_team.group_sale_salesman_all_leads",
        help="In the window: untaxed amount of posted credit notes, compensation of complaints as far as it "
        "was not credited, and the hours spent on complaints.",
    )
    shown_cost_to_serve = Monetary("Cost to Serve ", compute="_compute_shown_amounts", optional=True)
    cost_to_serve_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Percent of the revenue in the window that was credited again, or spent on complaints.",
        optional=True,
    )
    potential_class = fields.Selection(
        [("high", "High"), ("low", "Low")],
        "Potential",
        readonly=True,
        help="High: among the fifth of customers who are expected to bring most. Empty without a "
        "prediction.",
    )
    value_matrix = fields.Selection(
        [
            ("high", "High Value"),
            ("mid", "Mid Value"),
            ("potential", "Potential"),
            ("low", "Low Value"),
        ],
        readonly=True,
        group_expand=True,
        help="Current against future value. High: in the best fifth by both. Mid: worth much now, less "
        "expected. Potential: worth little yet, much expected. Low: neither.",
    )
    development_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    cost_to_serve_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
