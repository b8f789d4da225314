from . import test_next_action_kinds
from . import test_next_action_day
from . import test_next_action_month
from . import test_next_action_access
from . import test_next_action_result
from . import test_next_action_lead
from . import test_next_action_tour
