from . import customer_complaint_reason
from . import customer_complaint_merge
from . import customer_complaint_credit
