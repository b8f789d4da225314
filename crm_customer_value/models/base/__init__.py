"""What all rooms stand on: numbers that are bounded or not known, and what people may write and name."""

from . import customer_guarded_mixin
from . import customer_import_batch_mixin
from . import customer_unknown_last_mixin
from . import customer_link_mixin
from . import customer_staged_mixin
