from . import complaints
from . import complaint_sending
from . import complaint_public
from . import rating
