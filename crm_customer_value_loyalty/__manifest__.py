{
    "name": "Customer Value: Loyalty Cards, Gift Cards and eWallets",
    "summary": "Count orders paid by card in full, and show the points of a customer",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value", "sale_loyalty"],
    "data": ["views/loyalty_history_views.xml"],
    "assets": {
        "web.assets_backend": ["crm_customer_value_loyalty/static/src/**/*"],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
