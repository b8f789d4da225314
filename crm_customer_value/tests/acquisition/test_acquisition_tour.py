from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .acquisition_case import AcquisitionCase


@tagged("post_install", "-at_install")
class TestAcquisitionTour(AcquisitionCase, HttpCase):
    """A lead is taken by what it is worth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._two_sources()
        # Worth 0.6 × 299.98 = 179.99, 0.9 × 100.02 = 90.02, and 0.1 × 299.98 = 30.00.
        cls.sure, cls.best, cls.weak = (
            cls._lead(name=name, source_id=source.id, probability=probability, user_id=False)
            for name, source, probability in (
                ("Sure but Small", cls.web, 90), ("Worth Taking", cls.fair, 60), ("Hardly Sure", cls.fair, 10),
            )
        )

    def test_taken_in_the_browser(self):
        self.start_tour("/odoo/leads-by-value", "customer_lead_take_tour", login=self.seller.login)
        self.assertEqual(self.best.user_id, self.seller)
        self.assertFalse((self.sure | self.weak).user_id)

    def test_taken_once(self):
        other = self._user("acquisition_other", "sales_team.group_sale_salesman_all_leads")
        leads = self.best | self.sure
        leads.with_user(self.seller).action_customer_take()
        self.assertEqual(leads.user_id, self.seller)
        leads.with_user(self.seller).action_customer_take()
        with self.assertRaisesRegex(UserError, "Worth Taking belongs to .* already"):
            self.best.with_user(other).action_customer_take()
        clerk = self._user("acquisition_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.weak.with_user(clerk).action_customer_take()
        self.assertFalse(self.weak.user_id)
