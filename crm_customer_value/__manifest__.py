{
    "name": "Customer Value",
    "summary": "What each customer is worth to you, and why: RFM, Pareto, value index, on every form",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["sale_management", "sale_margin", "sale_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_value_rules.xml",
        "data/ir_cron_data.xml",
        "views/customer_value_views.xml",
        "views/customer_value_run_views.xml",
        "views/customer_value_policy_views.xml",
        "views/customer_purchase_history_views.xml",
        "views/res_config_settings_views.xml",
        "views/customer_value_menus.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/crm_lead_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_customer_value/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_customer_value/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_customer_value/static/tests/**/*.test.js",
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
