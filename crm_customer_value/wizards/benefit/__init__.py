from . import customer_benefit_settlement
from . import customer_benefit_statement
from . import customer_value_dry_run
from . import base_partner_merge
from . import customer_benefit_import_column
from . import customer_benefit_import
from . import customer_benefit_privacy
