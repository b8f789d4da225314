from . import test_clv_golden
from . import test_clv_model
from . import test_clv_properties
from . import test_clv_guards
from . import test_clv_candidates
from . import test_clv_choice
