from . import account_move_line
from . import customer_value
from . import customer_value_run
from . import loyalty_card
from . import sale_order_line
