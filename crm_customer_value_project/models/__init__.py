from . import customer_suggestion, project_task
