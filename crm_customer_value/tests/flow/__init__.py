from . import test_service_flow
from . import test_service_routing
from . import test_service_hand_over
from . import test_service_passing_on
from . import test_service_portal
from . import test_flow_mixin
