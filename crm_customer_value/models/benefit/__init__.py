"""What customers gain from us: what is measured of it, what was agreed to be reached, and what was measured."""

from . import customer_benefit_metric
from . import customer_benefit_goal
from . import customer_benefit_record
from . import customer_benefit_correction
