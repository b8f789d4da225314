from odoo import models

from ..base.number_fields import Float
from ..value.res_config_settings import MANAGER_GROUP


class ResConfigSettings(models.TransientModel):
    """What the policy in force says of what customers gain."""

    _inherit = "res.config.settings"

    customer_value_economic_weight = Float("Economic Weight", digits=(6, 2), groups=MANAGER_GROUP)
    customer_value_functional_weight = Float("Functional Weight", digits=(6, 2), groups=MANAGER_GROUP)
    customer_value_emotional_weight = Float("Emotional Weight", digits=(6, 2), groups=MANAGER_GROUP)
    customer_value_benefit_floor = Float("Least Amount That Is Paid", digits=(16, 2), groups=MANAGER_GROUP)
    customer_value_benefit_index_limit = Float("Low Benefit Index below", digits=(5, 1), groups=MANAGER_GROUP)
    customer_value_value_delivered_limit = Float(
        "Low Value Delivered below (%)", digits=(5, 1), groups=MANAGER_GROUP
    )
