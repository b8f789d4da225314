from . import test_complaint_delivery
