from . import test_metric
from . import test_gain
from . import test_goal
from . import test_record
from . import test_review
from . import test_goal_rights
