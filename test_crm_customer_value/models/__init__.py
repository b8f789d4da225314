from . import customer_value
from . import example_recommendation
from . import example_sale
