from . import test_snapshots
from . import test_snapshot_keeping
from . import test_story
from . import test_dry_run
