from . import test_outlook
from . import test_outlook_bad_input
from . import test_outlook_learning
from . import test_outlook_steady
from . import test_migration_forecast
