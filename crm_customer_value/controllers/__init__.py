from . import customer_pages
from . import complaint_threads
from . import complaints
from . import complaint_sending
from . import complaint_public
from . import rating
from . import service
from . import suggestions
