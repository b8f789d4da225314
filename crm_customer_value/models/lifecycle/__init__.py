"""Where customers are in their life with the company: stages, rules, moves."""

from . import customer_value
from . import customer_value_run
# Before the stages, and the dry run's, that inherit it.
from . import customer_lifecycle_rule_mixin
from . import customer_lifecycle_stage
from . import customer_lifecycle_stage_entry
from . import customer_lifecycle_transition
from . import customer_lifecycle_transition_entry
from . import res_config_settings
