from odoo import Command
from odoo.tests import new_test_user

from .common import CustomerValueCase


class ContactCase(CustomerValueCase):
    """A customer with a contact, and people of each right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logs = cls.env["customer.contact.log"].with_company(cls.company)
        cls.wizards = cls.env["customer.contact.wizard"].with_company(cls.company)
        cls.bakery = cls._partner("Bakery", is_company=True)
        cls.anna = cls._partner("Anna", parent_id=cls.bakery.id, email="anna@bakery.example")
        cls.mill = cls._partner("Mill", is_company=True)
        cls.agent = cls._employee("agent")

    @classmethod
    def _employee(cls, name, groups="crm_customer_value.group_service_own"):
        return new_test_user(
            cls.env, f"contact_{name}", name=name.title(), groups=groups, company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _log(cls, partner, **values):
        return cls.logs.create({"partner_id": partner.id, "summary": "They grow", **values})

    def _wizard(self, partners, user=None, **values):
        action = partners.with_user(user or self.agent).with_company(self.company).action_log_contact()
        wizard = self.env[action["res_model"]].with_user(user or self.agent).with_context(
            **action["context"], allowed_company_ids=self.company.ids
        )
        return wizard.create({"summary": "They grow", **values})

    def _logged(self, partners):
        return self.logs.search([("commercial_partner_id", "in", partners.commercial_partner_id.ids)], order="id")
