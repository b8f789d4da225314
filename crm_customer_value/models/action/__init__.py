"""Whom to call today, about what, and what came of it."""

from . import customer_next_action
from . import customer_next_action_night
from . import customer_next_action_day
from . import customer_next_action_result
from . import customer_next_action_effect
from . import customer_value
from . import customer_value_run
from . import customer_contact_log
from . import res_partner
from . import res_company
from . import res_users
