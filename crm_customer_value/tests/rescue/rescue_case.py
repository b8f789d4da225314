from odoo import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase


class RescueCase(CustomerValueCase):
    """A company with customers who went, or may go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("rescue_seller", "sales_team.group_sale_salesman")
        cls.boss = cls._user("rescue_boss", "sales_team.group_sale_salesman_all_leads")
        cls.lost, cls.risk, cls.core = (
            cls.env.ref(f"crm_customer_value.customer_lifecycle_stage_{code}") for code in ("lost", "at_risk", "core")
        )
        cls.company.write({
            "rescue_keep_cost": 30, "rescue_win_back_cost": 50, "rescue_win_back_chance": 10, "care_held_out": 10,
        })

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def _gone(cls, name="Gone", margin=5000, company=None, **values):
        """Return a customer who bought for five years, the last time 700 days ago, for 1,000 of margin a year."""
        value = values.pop("value", {})
        customer = cls._partner(name, is_company=True, **values)
        cls.env["customer.value"].create({
            "company_id": (company or cls.company).id, "partner_id": customer.id, "lifecycle_stage_id": cls.lost.id,
            "first_purchase_date": cls._day(700 + 5 * 365), "last_purchase_date": cls._day(700), "typical_gap": 0,
            "margin_total": margin, "revenue_total": 3 * margin, "clv_12m": 20, **value,
        })
        return customer

    @classmethod
    def _at_risk(cls, name="At risk", at_risk=400, **values):
        return cls._gone(name, value={
            "lifecycle_stage_id": cls.risk.id, "last_purchase_date": cls._day(60), "value_at_risk": at_risk,
        }, **values)

    @classmethod
    def _plan(cls, kind="win_back", user=None, **values):
        plan = cls.env["customer.rescue.plan"].with_user(user or cls.boss).create({
            "kind": kind, "number": 20, **values,
        })
        plan.action_find()
        return plan

    @classmethod
    def _effort(cls, customer, ago, **values):
        return cls.env["customer.rescue"]._start([{
            "company_id": cls.company.id, "partner_id": customer.id, "kind": "win_back", "date": cls._day(ago),
            "user_id": cls.seller.id, "cost": 100, **values,
        }])

    @classmethod
    def _buys(cls, customer, ago, margin):
        cls.env["customer.purchase.history"].create({
            "partner_id": customer.id, "company_id": cls.company.id, "date": cls._day(ago), "amount": 2 * margin,
            "margin": margin, "has_margin": True,
        })
