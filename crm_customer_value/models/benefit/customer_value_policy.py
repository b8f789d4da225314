from odoo import api, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Float
from ..value.customer_value_policy import CustomerValuePolicy as Policy

BENEFIT_WEIGHTS = ("economic_weight", "functional_weight", "emotional_weight")
BENEFIT_LIMITS = ("benefit_index_limit", "value_delivered_limit")
BENEFIT_FIELDS = (*BENEFIT_WEIGHTS, "benefit_floor", *BENEFIT_LIMITS)


class CustomerValuePolicy(models.Model):
    """How what customers gain is scored."""

    _inherit = "customer.value.policy"

    _scoring_fields = (*Policy._scoring_fields, *BENEFIT_FIELDS)

    economic_weight = Float(
        "Weight of the Economic Score",
        default=40.0,
        required=True,
        digits=(6, 2),
        help="How much the gain in money counts in the benefit index.",
    )
    functional_weight = Float(
        "Weight of the Functional Score",
        default=40.0,
        required=True,
        digits=(6, 2),
        help="How much needs and goals count in the benefit index.",
    )
    emotional_weight = Float(
        "Weight of the Emotional Score",
        default=20.0,
        required=True,
        digits=(6, 2),
        help="How much answers count in the benefit index. In the value index they count in satisfaction.",
    )
    benefit_floor = Float(
        "Least Amount Paid",
        default=100.0,
        required=True,
        digits=(16, 2),
        help="Their gain is compared with what a customer pays in the period, but never with less than this amount in "
        "company currency: else a tiny purchase makes a giant ratio.",
    )
    benefit_index_limit = Float(
        "Benefit Index Is Low below",
        default=40.0,
        required=True,
        digits=(5, 1),
        help="The day on which the benefit index of a customer falls below this limit is noted.",
    )
    value_delivered_limit = Float(
        "Value Delivered Is Low below (%)",
        default=50.0,
        required=True,
        digits=(5, 1),
        help="The day on which the value delivered to a customer falls below this limit is noted.",
    )

    @api.constrains(*BENEFIT_FIELDS)
    def _check_benefit(self):
        for policy in self:
            weights = [policy[name] for name in BENEFIT_WEIGHTS]
            if min(weights) < 0 or not sum(weights):
                raise ValidationError(self.env._(
                    "The weights of the economic, functional and emotional score cannot be negative, and at least one "
                    "must be above zero."
                ))
            # Who got everything back paid nothing, and nothing can be divided by that.
            if policy.benefit_floor <= 0:
                raise ValidationError(self.env._("The least amount paid must be above zero. Enter 1 for almost none."))
            for name in BENEFIT_LIMITS:
                if not 0 <= policy[name] <= 100:
                    raise ValidationError(self.env._(
                        "“%(field)s” must be between 0 and 100, not %(number)s.",
                        field=self._fields[name]._description_string(self.env), number=policy[name],
                    ))
