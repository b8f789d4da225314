from . import test_pos_invoices
from . import test_pos_marks
from . import test_pos_offers
from . import test_pos_purchases
from . import test_pos_rights
from . import test_pos_sales_orders
