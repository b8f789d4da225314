from . import test_effect
from . import test_festival_data
from . import test_rule
from . import test_rule_action
from . import test_rule_trigger
from . import test_rule_years
from . import test_cron
from . import test_unsubscribe
