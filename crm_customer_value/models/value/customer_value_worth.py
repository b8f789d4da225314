from odoo import fields, models

from ..base.number_fields import Float, Monetary
from .customer_value import AMOUNT_GROUP


class CustomerValue(models.Model):
    """What a customer is worth beside the index: see engine/value/worth.py."""

    _inherit = "customer.value"

    margin_rate_12m = Float(
        "Margin Rate (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin in the period, in percent of the revenue.",
        optional=True,
    )
    margin_rate_previous_12m = Float(
        "Margin Rate Before (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin in the period before, in percent of the revenue.",
        optional=True,
    )
    lifetime_value = Monetary(
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="What the customer brought so far, plus what we expect in the coming years (the value policy says how "
        "many). Margin, or revenue where no margin is known.",
        optional=True,
    )
    lifetime_history = Monetary(
        "Lifetime Value: History",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin before the period, or revenue where the company knows no margin.",
        optional=True,
    )
    lifetime_potential = Monetary(
        "Lifetime Value: Potential",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="What we expect in the coming years, less the yearly discount. The value policy says how many years.",
        optional=True,
    )
    net_contribution_12m = Monetary(
        "Net Contribution",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Margin in the period, minus credit notes, compensation and the hours spent on complaints. Empty where "
        "the margin is not known.",
        optional=True,
    )
    net_contribution_previous_12m = Monetary(
        "Net Contribution Before",
        readonly=True,
        groups=AMOUNT_GROUP,
        exportable=False,
        help="Net contribution in the period before.",
        optional=True,
    )
    costs_more = fields.Boolean(
        "Unprofitable",
        readonly=True,
        groups=AMOUNT_GROUP,
        help="The net contribution was below zero in the period and in the period before.",
    )
    need_class = fields.Selection(
        [("new", "New Customer"), ("trial", "Trial"), ("sticky", "Long-Term"), ("frequent", "Frequent")],
        readonly=True,
        group_expand=True,
        help="The first that applies. New Customer: first purchase not long ago. Trial: one purchase, smaller than "
        "most first purchases. Long-Term: has bought regularly for years. Frequent: buys more often than most. "
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
