"""What a customer needs, and what keeps them from buying."""

from . import customer_need_type
from . import customer_need
from . import customer_need_portal
from . import customer_need_change
