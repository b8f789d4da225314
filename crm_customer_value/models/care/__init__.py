from . import customer_care_level
from . import customer_festival
from . import customer_care_rule
from . import customer_care_log
from . import customer_value
from . import customer_feedback
from . import customer_value_mixin
from . import res_partner
