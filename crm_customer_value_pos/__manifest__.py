{
    "name": "Customer Value: Point of Sale",
    "summary": "What customers buy in the shop counts for their value",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value", "pos_sale"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
