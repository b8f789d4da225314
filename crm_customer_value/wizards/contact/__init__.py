from . import customer_contact_wizard
from . import base_partner_merge
