"""What customers complain about, from the first word to the answer and what it costs."""

# What complaints belong to.
from . import customer_complaint_team
from . import customer_complaint_category
from . import customer_complaint_cause
from . import customer_complaint_stage
from . import customer_complaint_sla
from . import customer_complaint_sla_level
from . import customer_complaint_tag
# The class, and what extends it.
from . import customer_complaint
from . import customer_complaint_deadline
from . import customer_complaint_flow
from . import customer_complaint_escalation
from . import customer_complaint_team_overview
from . import customer_complaint_closing
# Before the models of Odoo that inherit it.
from . import customer_complaint_count
from . import customer_complaint_gateway
from . import customer_complaint_held_mail
from . import customer_complaint_telling
from . import customer_complaint_rating
from . import customer_complaint_portal
from . import customer_timeline
from . import customer_profile
# Models of Odoo.
from . import res_users
from . import res_company
from . import res_partner
from . import sale_order
from . import account_move
from . import crm_lead
from . import res_config_settings
from . import rating_rating
