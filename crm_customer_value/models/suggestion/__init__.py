"""What customers propose, who supports it, and what becomes of it."""

from . import customer_suggestion_area
from . import customer_suggestion_stage
# The class, and what extends it.
from . import customer_suggestion
from . import customer_suggestion_support
from . import customer_suggestion_telling
from . import customer_suggestion_merging
from . import customer_suggestion_work
from . import customer_suggestion_portal
from . import customer_timeline
# What suggestions add to other models.
from . import customer_complaint
from . import crm_lead
from . import res_partner
