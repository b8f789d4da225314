"""How customers wish to be served, and how what they wait for goes from team to team."""

from . import customer_service_flow
from . import customer_service_flow_step
# What is passed on, before what waits.
from . import customer_flow_mixin
from . import customer_flow_mixin_hand_over
from . import customer_flow_mixin_message
# Models of Odoo.
from . import res_partner
from . import res_partner_portal
from . import res_users
from . import customer_profile
