from . import customer_purchase_import_column
from . import customer_purchase_import
from . import customer_value_pin
from . import customer_value_dry_run_lines
from . import customer_value_dry_run
from . import base_partner_merge
