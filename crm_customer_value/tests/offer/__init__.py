from . import test_neighbours
from . import test_offer_best
from . import test_offer
from . import test_offer_panel
from . import test_portal_offers
from . import test_offer_proposal
from . import test_offer_better
from . import test_offer_category
