from . import customer_purchase_import_column
from . import customer_purchase_import
from . import customer_purchase_import_unknown
