from . import test_neighbours
from . import test_offer_best
from . import test_offer
