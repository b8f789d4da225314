from . import test_need
from . import test_need_entry
from . import test_objection
from . import test_demand
from . import test_attack_demand
from . import test_need_attacks
from . import test_need_tours
