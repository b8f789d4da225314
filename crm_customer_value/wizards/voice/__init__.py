from . import customer_service_wizard
from . import mail_compose_message
from . import portal_wizard
from . import base_partner_merge
