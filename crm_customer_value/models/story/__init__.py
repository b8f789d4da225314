"""How a value went and why, month by month, and what it would be by other rules."""

from . import customer_value_run_snapshot
from . import customer_value_snapshot
from . import customer_value
from . import customer_value_run_trial
