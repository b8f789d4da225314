{
    "name": "Customer Value: Example of an Extension",
    "summary": "Adds a part of the value index, a measure, a source of purchases and what marks customers",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "crm_customer_value contributors",
    "depends": ["crm_customer_value"],
    "data": ["security/ir.model.access.csv"],
}
