"""Customers who may be lost or are: efforts to keep or win them back, and what came of them."""

from . import res_company
from . import res_company_retention
from . import res_config_settings
from . import customer_rescue
from . import customer_rescue_result
from . import customer_rescue_report
from . import crm_lead
from . import res_partner
from . import customer_timeline
from . import customer_profile
from . import customer_value_next_action
