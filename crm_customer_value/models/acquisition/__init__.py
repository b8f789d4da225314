"""What leads may be worth, and what the best customers have in common."""

from . import customer_lead_estimate
from . import customer_lead_group
from . import customer_value
from . import crm_lead
from . import customer_value_next_action
from . import crm_lead_worth
from . import crm_team
from . import sale_order
from . import res_company
from . import res_config_settings
from . import customer_feedback
