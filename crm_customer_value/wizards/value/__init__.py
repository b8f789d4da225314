from . import customer_value_bulk
from . import base_partner_merge
