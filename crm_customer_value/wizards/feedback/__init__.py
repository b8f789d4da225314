from . import customer_feedback_preview
