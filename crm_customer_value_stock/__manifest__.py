{
    "name": "Customer Value: Complaints about Deliveries",
    "summary": "Say which delivery a complaint is about, and see its complaints on the delivery",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value", "sale_stock"],
    "data": [
        "views/customer_complaint_views.xml",
        "views/stock_picking_views.xml",
    ],
    "auto_install": True,
}
