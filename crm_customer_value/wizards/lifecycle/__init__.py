from . import customer_value_pin
