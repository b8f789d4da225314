from . import test_suggestion
from . import test_suggestion_worth
from . import test_suggestion_telling
from . import test_suggestion_merge
from . import test_suggestion_portal
from . import test_suggestion_attacks
from . import test_suggestion_tours
