from . import customer_rescue_plan
from . import base_partner_merge
from . import customer_benefit_privacy
