from . import customer_value_dry_run_lines
from . import customer_value_dry_run
from . import base_partner_merge
