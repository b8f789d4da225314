from odoo import fields, models

from ..base.number_fields import Float, Monetary


class CustomerValue(models.Model):
    """Where a customer is going: development, potential, and what serving them costs."""

    _inherit = "customer.value"

    development_index = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Growth compared with all your customers. 50: same as average. 100: four times as fast. 0: a quarter. "
        "With few purchases, close to 50.",
        optional=True,
    )
    has_development = fields.Boolean(
        readonly=True, help="Whether the customer brought revenue in the period before."
    )
    development_evidence = Float(
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="How much of the weight of development counts, in percent: half with three purchase days in the "
        "period before.",
    )
    cost_to_serve = Monetary(
        "Cost to Serve",
        readonly=True,
        groups="sales_team.group_sale_salesman_all_leads",
        exportable=False,
        help="In the period: posted credit notes (untaxed), compensation for complaints that was not credited, the "
        "hours spent on complaints, and logged contacts.",
    )
    shown_cost_to_serve = Monetary("Cost to Serve ", compute="_compute_shown_amounts", optional=True)
    cost_to_serve_score = Float(
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Share of the revenue in the period that was credited back, or spent on complaints and contacts, in "
        "percent.",
        optional=True,
    )
    potential_class = fields.Selection(
        [("high", "High"), ("low", "Low")],
        "Potential",
        readonly=True,
        help="High: in the top fifth by future value. Empty without a forecast.",
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
        help="High: top fifth now and in future. Mid: top fifth now only. Potential: top fifth in future only. Low: "
        "not in the top fifth.",
    )
    development_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
    cost_to_serve_points = Float(digits=(16, 1), readonly=True, aggregator="avg", optional=True)
