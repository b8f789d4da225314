from . import test_clock
from . import test_complaint_calendar
from . import test_complaint_clock
from . import test_complaint_calendar_changed
from . import test_complaint_rules
from . import test_complaint_escalation
from . import test_complaint_escalation_faults
from . import test_complaint_response
