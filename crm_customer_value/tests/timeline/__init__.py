from . import test_customer_profile
from . import test_timeline
from . import test_timeline_invoices
from . import test_timeline_rights
