from . import customer_product_buyers
from . import customer_product_neighbour
from . import customer_product_neighbour_night
from . import customer_offer
from . import customer_offer_best
