from . import test_channel
from . import test_contact_log
from . import test_contact_cost
from . import test_silence
