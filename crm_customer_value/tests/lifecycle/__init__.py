from . import test_lifecycle_rules
from . import test_lifecycle
from . import test_lifecycle_causes
from . import test_lifecycle_pin
from . import test_lifecycle_entry
from . import test_lifecycle_entry_limit
from . import test_lifecycle_stage
from . import test_migration_stages
