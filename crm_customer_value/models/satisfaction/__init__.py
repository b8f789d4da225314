"""What complaints and suggestions mean for the value of a customer, and the other way round."""

from . import customer_value
from . import customer_value_snapshot
from . import customer_value_next_step
from . import customer_value_next_action
from . import customer_value_mixin
from . import customer_value_run
from . import customer_complaint_recovery
from . import customer_complaint_stake
from . import customer_complaint_customer
from . import customer_complaint
from . import customer_suggestion
from . import customer_suggestion_worth
from . import customer_suggestion_stage
from . import customer_contact_log
from . import customer_contact_channel
from . import res_company
from . import res_partner
from . import rating_rating
