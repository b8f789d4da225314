from . import base_partner_merge
from . import customer_benefit_privacy
from . import customer_offer_refusal
