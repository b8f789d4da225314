{
    "name": "Customer Value: Tasks of Suggestions",
    "summary": "Make a task of what a customer suggests, with links both ways",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value", "project"],
    "data": [
        "views/customer_need_demand_views.xml",
        "views/customer_suggestion_area_views.xml",
        "views/customer_suggestion_views.xml",
        "views/project_task_views.xml",
    ],
    "auto_install": True,
}
