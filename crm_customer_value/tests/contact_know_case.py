from odoo import Command
from odoo.tests import new_test_user

from .common import CustomerValueCase


class KnowCase(CustomerValueCase):
    """A bakery with its baker, a kiosk of a colleague, and people of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.de")
        cls.employee = cls._user("know_driver", "crm_customer_value.group_meets_customers")
        cls.agent = cls._user("know_agent", "crm_customer_value.group_service_own")
        cls.seller = cls._user("know_seller", "sales_team.group_sale_salesman")
        cls.bakery = cls._partner("Know Bakery", is_company=True, user_id=cls.seller.id)
        cls.baker = cls._partner("Know Baker", parent_id=cls.bakery.id)
        cls.kiosk = cls._partner("Know Kiosk", is_company=True, user_id=cls._user("know_other", "base.group_user").id)

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)]
        )
