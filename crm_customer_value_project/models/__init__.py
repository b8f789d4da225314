from . import customer_suggestion, customer_suggestion_area, project_task
