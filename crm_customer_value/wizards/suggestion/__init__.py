from . import customer_suggestion_decline
from . import customer_suggestion_merge
