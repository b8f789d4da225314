from odoo import fields, models

from .customer_value import AMOUNT_GROUP
from .number_fields import Float, Monetary


class CustomerValue(models.Model):
    """What a customer is worth beside the index: see engine/worth.py."""

    _inherit = "customer.value"

    margin_rate_12m = Float(
        "Margin Rate (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        help="Margin in the window, in percent of the revenue.",
        optional=True,
    )
    margin_rate_previous_12m = Float(
        "Margin Rate Before (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        help="Margin in the window before, in percent of the revenue.",
        optional=True,
    )
    lifetime_value = Monetary(
        readonly=True,
        groups=AMOUNT_GROUP,
        help="History, current and potential value together: what the customer brought so far, and what is expected "
        "within the years that the value policy looks ahead. Margin; revenue where no margin is known.",
        optional=True,
    )
    lifetime_history = Monetary(
        "Lifetime Value: History",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Margin before the window; revenue where the company knows no margin.",
        optional=True,
    )
    lifetime_potential = Monetary(
        "Lifetime Value: Potential",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Expected, discounted, within the years that the value policy looks ahead.",
        optional=True,
    )
    net_contribution_12m = Monetary(
        "Net Contribution",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="Margin in the window, less compensation that was not credited and the hours spent on complaints; what "
        "was credited is taken off the margin. Empty where the margin is not known.",
        optional=True,
    )
    net_contribution_previous_12m = Monetary(
        "Net Contribution Before",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="The same of the window before.",
        optional=True,
    )
    costs_more = fields.Boolean(
        "Costs More than Brings",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="The net contribution was below zero in the window and in the window before.",
    )
    need_class = fields.Selection(
        [("new", "New Customer"), ("trial", "Trial"), ("sticky", "Sticky"), ("frequent", "Frequent")],
        readonly=True,
        group_expand=True,
        help="The first that fits. New Customer: the first purchase was lately. Trial: one purchase, smaller than "
        "most first ones. Sticky: a customer for years who buys regularly. Frequent: buys more often than most. "
        "The value policy says how long and how often.",
    )
    shown_lifetime_value = Monetary("Lifetime Value ", compute="_compute_shown_amounts", optional=True)
    shown_lifetime_history = Monetary("Lifetime Value: History ", compute="_compute_shown_amounts", optional=True)
    shown_lifetime_potential = Monetary("Lifetime Value: Potential ", compute="_compute_shown_amounts", optional=True)
    shown_net_contribution_12m = Monetary("Net Contribution ", compute="_compute_shown_amounts", optional=True)
    shown_net_contribution_previous_12m = Monetary(
        "Net Contribution Before ", compute="_compute_shown_amounts", optional=True
    )
    shown_margin_rate_12m = Float(
        "Margin Rate (%) ", digits=(16, 1), compute="_compute_shown_amounts", optional=True
    )
    shown_margin_rate_previous_12m = Float(
        "Margin Rate Before (%) ", digits=(16, 1), compute="_compute_shown_amounts", optional=True
    )
