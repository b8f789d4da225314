from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase


class NeedCase(CustomerValueCase):
    """Customers of two salespeople and of nobody, types of their own, and people with each right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("need_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("need_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._user("need_leader", "sales_team.group_sale_salesman_all_leads")
        cls.agent = cls._user("need_agent", "crm_customer_value.group_service_own")
        cls.manager = cls._user("need_manager", "crm_customer_value.group_service_manager")
        cls.bakery = cls._partner("Need Bakery", is_company=True, user_id=cls.seller.id)
        cls.baker = cls._partner("Need Baker", parent_id=cls.bakery.id)
        cls.kiosk = cls._partner("Need Kiosk", is_company=True, user_id=cls.colleague.id)
        cls.free = cls._partner("Need Free", is_company=True)
        types = cls.env["customer.need.type"]
        cls.saving = types.create({"name": "Need to save", "dimension": "economic"})
        cls.calm = types.create({"name": "Need of calm", "dimension": "emotional"})
        cls.dear = types.create({"name": "Need is too dear", "kind": "objection", "advice": "Compared with what?"})
        cls.category = cls.env["product.category"].create({"name": "Need Ovens"})
        cls.product.categ_id = cls.category

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def _need(cls, partner=None, need_type=None, **values):
        return cls.env["customer.need"].create({
            "partner_id": (partner or cls.bakery).id, "company_id": cls.company.id,
            "type_id": (need_type or cls.saving).id, **values,
        })

    @classmethod
    def _objection(cls, partner=None, **values):
        return cls._need(partner, cls.dear, **values)

    @classmethod
    def _lead(cls, partner=None, **values):
        return cls.env["crm.lead"].create({
            "name": "Oven", "type": "opportunity", "partner_id": (partner or cls.bakery).id,
            "company_id": cls.company.id, **values,
        })

    def _as(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
