from datetime import date

from odoo.tests import new_test_user

from ..common import CustomerValueCase


class GoalCase(CustomerValueCase):
    """A customer whose faults are counted: 12 a month before us, each worth 100 dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Telecom User", is_company=True)
        cls.contact = cls._partner("Tess", parent_id=cls.customer.id)
        cls.faults = cls._metric("Faults", "faults", 100.0)
        cls.saved = cls._metric("Time Saved", "hours", 60.0, direction="higher")

    @classmethod
    def _user(cls, login, groups="sales_team.group_sale_salesman", **values):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)], **values
        )

    @classmethod
    def _metric(cls, name, unit, worth, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": name, "unit": unit, "money_per_unit": worth, "currency_id": cls.usd.id, **values,
        })

    @classmethod
    def _goal(cls, baseline=12.0, target=3.0, **values):
        return cls.env["customer.benefit.goal"].create({
            "company_id": cls.company.id, "partner_id": cls.customer.id, "metric_id": cls.faults.id,
            "baseline": baseline, "target": target, "date_start": date(2024, 1, 1), "date_target": date(2024, 12, 31),
            **values,
        })

    @classmethod
    def _measure(cls, value, start, end, **values):
        """Create a record of a period; days as text, such as 2024-02-01."""
        return cls.env["customer.benefit.record"].create({
            "company_id": cls.company.id, "partner_id": cls.customer.id, "metric_id": cls.faults.id, "value": value,
            "date_from": start, "date_to": end, **values,
        })
