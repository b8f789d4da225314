from . import customer_benefit_settlement
from . import customer_benefit_statement
from . import customer_value_dry_run
