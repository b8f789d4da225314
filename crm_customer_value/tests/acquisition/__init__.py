from . import test_acquisition_tour
from . import test_best
from . import test_groups
from . import test_leads
from . import test_referral_asked
