from odoo import fields, models

from ...engine.offer import neighbours
from ..base.number_fields import Integer


class ResCompany(models.Model):
    """Whether products are proposed for customers, and how long one rests after an answer."""

    _inherit = "res.company"

    offer_active = fields.Boolean(
        "Propose Products", default=True, groups="base.group_user",
        help="Proposes to salespeople what a customer may need as well, by what customers alike bought.",
    )
    offer_least_in_common = Integer(
        "Fewest Customers in Common", default=neighbours.LEAST_IN_COMMON, groups="base.group_user",
        help="A product is proposed only where at least this number of customers bought both products.",
    )
    offer_rest_refused = Integer(
        "Days of Rest After a Refusal", default=365, groups="base.group_user",
        help="For this number of days, a product that a customer refused is not proposed to them.",
    )
    offer_rest_later = Integer(
        "Days of Rest After “Later”", default=60, groups="base.group_user",
        help="For this number of days, a product that came too early is not proposed to the customer.",
    )
    offer_rest_offered = Integer(
        "Days Until Offered Again", default=180, groups="base.group_user",
        help="After this number of days, a product that was offered and not bought is proposed again.",
    )

    _offer_least_in_common_range = models.Constraint(
        f"CHECK (offer_least_in_common BETWEEN {neighbours.LEAST_IN_COMMON} AND 1000)",
        "Enter 5 to 1,000 customers in common. Fewer may be chance, and would tell of single customers.",
    )
    _offer_rest_range = models.Constraint(
        "CHECK (offer_rest_refused BETWEEN 0 AND 3650 AND offer_rest_later BETWEEN 0 AND 3650"
        " AND offer_rest_offered BETWEEN 0 AND 3650)",
        "Enter 0 to 3,650 days of rest.",
    )
