from . import customer_pages
from . import complaint_threads
