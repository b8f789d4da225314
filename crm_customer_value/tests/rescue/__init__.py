from . import test_rescue
from . import test_rescue_plan
from . import test_rescue_report
from . import test_rescue_retention
from . import test_rescue_told
