"""What a customer needs, and what keeps them from buying."""

from . import customer_need_type
from . import customer_need_answer
# The class, and what extends it.
from . import customer_need
from . import customer_need_portal
from . import customer_need_change
from . import customer_need_origin
from . import customer_need_objection
from . import customer_need_review
from . import customer_need_work
# What many customers need.
from . import customer_need_demand
# What needs add to other models.
from . import customer_need_count
from . import customer_timeline
from . import customer_profile
from . import crm_lead
from . import customer_complaint
from . import customer_suggestion
from . import res_partner
