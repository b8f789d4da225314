from . import test_complaint_delivery
from . import test_feedback_delivery
from . import test_care_delivery
from . import test_rescue_delivery
from . import test_offer_stock
