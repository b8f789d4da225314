from odoo.tests import tagged

from odoo.addons.crm_customer_value.tests.value import test_reads

from .loyalty_case import LoyaltyCase


@tagged("post_install", "-at_install")
class TestLoyaltyReads(test_reads.TestReads, LoyaltyCase):
    """What is read of cards and rewards is flushed before, and marks: the tests of the addon with programs."""

    addons = test_reads.TestReads.addons | {"crm_customer_value_loyalty"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._program("loyalty")
