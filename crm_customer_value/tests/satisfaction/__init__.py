from . import test_satisfaction
from . import test_stake
from . import test_service_marks
from . import test_complaint_warning
from . import test_complaint_customer
from . import test_complaint_recovery
