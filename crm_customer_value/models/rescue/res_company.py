from odoo import models

from ..base.number_fields import Float, Monetary


class ResCompany(models.Model):
    """What it costs to keep a customer or to win one back, and how often that works."""

    _inherit = "res.company"

    rescue_keep_cost = Monetary(
        "Cost of Keeping a Customer", default=50.0,
        help="What an effort to keep a customer costs on average: time, gifts, discounts. It is proposed, and can be "
        "changed.",
    )
    rescue_win_back_cost = Monetary(
        "Cost of Winning Back", default=200.0,
        help="What an effort to win a customer back costs on average: time, gifts, discounts. It is proposed, and can "
        "be changed.",
    )
    rescue_win_back_chance = Float(
        "Chance of Winning Back (%)", digits=(16, 1), default=10.0,
        help="Of 100 customers who are gone, how many come back after an effort. Compare it with the report “What "
        "Efforts Brought”.",
    )

    _rescue_costs_positive = models.Constraint(
        "CHECK (rescue_keep_cost >= 0 AND rescue_win_back_cost >= 0)", "Costs of an effort cannot be below zero."
    )
    _rescue_chance_range = models.Constraint(
        "CHECK (rescue_win_back_chance BETWEEN 0 AND 100)", "Enter 0 to 100 percent of customers who come back."
    )
