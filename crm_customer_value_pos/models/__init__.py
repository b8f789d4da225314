from . import customer_timeline
from . import customer_value
from . import customer_value_purchase
from . import customer_value_run
from . import pos_order
from . import pos_order_line
from . import sale_order
from . import sale_order_line
