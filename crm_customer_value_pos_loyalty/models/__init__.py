from . import customer_value_run
from . import pos_order_line
