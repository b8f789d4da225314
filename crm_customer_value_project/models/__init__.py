from . import customer_need_demand, customer_suggestion, customer_suggestion_area, project_task
