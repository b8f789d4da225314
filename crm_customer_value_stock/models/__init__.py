from . import customer_care_rule
from . import customer_complaint
from . import customer_feedback_rule
from . import customer_offer
from . import stock_picking
