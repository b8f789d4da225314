from . import customer_complaint
from . import stock_picking
