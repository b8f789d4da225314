from . import customer_form
from . import customer_pages
from . import customer_threads
