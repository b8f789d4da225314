from . import customer_service_demo, customer_value_demo
