"""Purchases made outside this Odoo."""

from . import customer_purchase_history
from . import customer_purchase_history_line
from . import customer_purchase_import_batch
from . import customer_timeline
from . import customer_value
from . import customer_value_run
