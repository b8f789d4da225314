from . import customer_feedback_rule
from . import customer_feedback
