from odoo import models

from ..base.number_fields import Float, Integer, Monetary


class ResCompany(models.Model):
    """Who is worth an effort to keep or win back, what that costs, and how often it works."""

    _inherit = "res.company"

    rescue_keep_cost = Monetary(
        "Cost of Keeping a Customer", default=50.0, groups="base.group_user",
        help="What an effort to keep a customer costs on average: time, gifts, discounts. It is proposed, and can be "
        "changed.",
    )
    rescue_win_back_cost = Monetary(
        "Cost of Winning Back", default=200.0, groups="base.group_user",
        help="What an effort to win a customer back costs on average: time, gifts, discounts. It is proposed, and can "
        "be changed.",
    )
    rescue_win_back_chance = Float(
        "Chance of Winning Back (%)", digits=(16, 1), default=10.0, groups="base.group_user",
        help="Of 100 customers who are gone, how many come back after an effort. Compare it with the report “What "
        "Efforts Brought”.",
    )
    rescue_longest_years = Integer(
        "Years Since the Last Purchase", default=5, groups="base.group_user",
        help="Customers who bought the last time longer ago are not proposed. 0: however long ago it was.",
    )
    rescue_rest_days = Integer(
        "Days Between Two Efforts", default=180, groups="base.group_user",
        help="For as long after an effort, the customer is not proposed again.",
    )
    rescue_price_rise = Float(
        "Price Rise That May Be a Reason (%)", digits=(16, 1), default=10.0, groups="base.group_user",
        help="By how much the customer paid more for a product than ever before. A smaller rise is not named as a "
        "possible reason.",
    )

    _rescue_costs_positive = models.Constraint(
        "CHECK (rescue_keep_cost >= 0 AND rescue_win_back_cost >= 0)", "Costs of an effort cannot be below zero."
    )
    _rescue_chance_range = models.Constraint(
        "CHECK (rescue_win_back_chance BETWEEN 0 AND 100)", "Enter 0 to 100 percent of customers who come back."
    )
    _rescue_longest_range = models.Constraint(
        "CHECK (rescue_longest_years BETWEEN 0 AND 100)", "Enter 0 to 100 years since the last purchase."
    )
    _rescue_rest_range = models.Constraint(
        "CHECK (rescue_rest_days BETWEEN 90 AND 3650)",
        "Enter 90 to 3,650 days between two efforts: the result of the first one is known after 90 days.",
    )
    _rescue_price_positive = models.Constraint(
        "CHECK (rescue_price_rise > 0)", "Enter by how many percent a price must rise: more than 0."
    )
