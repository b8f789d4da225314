from odoo import models

from ..base.number_fields import Float, Integer


class ResCompany(models.Model):
    """What the estimate of word of mouth assumes. Customers with an account read their company, and not this."""

    _inherit = "res.company"

    word_promoter_reach = Integer(
        "People a Promoter Tells", default=3, groups="base.group_user",
        help="How many people somebody tells who would recommend us. Studies of complaints found about 3 to 5.",
    )
    word_detractor_reach = Integer(
        "People a Detractor Tells", default=12, groups="base.group_user",
        help="How many people somebody tells who would not recommend us. Studies of complaints found about 9 to 20.",
    )
    word_conversion = Float(
        "People Who Decide by It (%)", digits=(5, 2), optional=True, groups="base.group_user",
        help="Of 100 people who are told, how many buy, or do not buy, because of it. Empty: not known; then no money "
        "is estimated.",
    )

    _word_reach_range = models.Constraint(
        "CHECK (word_promoter_reach BETWEEN 0 AND 1000 AND word_detractor_reach BETWEEN 0 AND 1000)",
        "Enter from 0 to 1000 people that a customer tells.",
    )
    _word_conversion_range = models.Constraint(
        "CHECK (word_conversion BETWEEN 0 AND 100)", "Enter from 0 to 100 percent of people who decide by it."
    )
