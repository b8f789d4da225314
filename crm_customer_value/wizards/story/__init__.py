from . import customer_value_dry_run_lines
from . import customer_value_dry_run
