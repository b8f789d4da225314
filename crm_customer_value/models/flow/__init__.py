"""How customers wish to be served, and how complaints go from team to team."""

from . import customer_service_flow
from . import customer_service_flow_step
# What flows add to complaints.
from . import customer_complaint_routing
from . import customer_complaint_hand_over
from . import customer_complaint_handler_message
# Models of Odoo.
from . import res_partner
from . import res_partner_portal
from . import res_users
