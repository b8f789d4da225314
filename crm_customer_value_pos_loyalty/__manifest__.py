{
    "name": "Customer Value: Loyalty in the Point of Sale",
    "summary": "Count what customers pay in the shop by gift card or eWallet, and what their rewards cost",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value_loyalty", "crm_customer_value_pos", "pos_loyalty"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
