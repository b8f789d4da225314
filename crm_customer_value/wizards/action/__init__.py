from . import base_partner_merge
from . import customer_benefit_privacy
from . import customer_contact_wizard
from . import customer_next_action_answer
