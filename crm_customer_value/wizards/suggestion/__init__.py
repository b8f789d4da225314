from . import customer_suggestion_decline
from . import customer_suggestion_merge
from . import base_partner_merge
