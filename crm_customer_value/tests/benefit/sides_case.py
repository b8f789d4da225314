from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import CustomerValueCase


class SidesCase(CustomerValueCase):
    """A company with a metric, an industry, and customers of it who were measured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.own = new_test_user(cls.env, "sides_own", groups="sales_team.group_sale_salesman", **company)
        cls.colleague = new_test_user(cls.env, "sides_colleague", groups="sales_team.group_sale_salesman", **company)
        cls.all = new_test_user(cls.env, "sides_all", groups="sales_team.group_sale_salesman_all_leads", **company)
        cls.agent = new_test_user(cls.env, "sides_agent", groups="crm_customer_value.group_service_own", **company)
        cls.clerk = new_test_user(cls.env, "sides_clerk", groups="base.group_user", **company)
        cls.industry = cls.env["res.partner.industry"].create({"name": "Telephony"})
        cls.metric = cls._metric("Faults")
        cls.month = cls.today.replace(day=1) - relativedelta(months=1)
        cls.customer = cls._measured("Asking", 9.0, user=cls.own)

    @classmethod
    def _as(cls, user, record):
        return record.with_user(user).with_context(allowed_company_ids=cls.company.ids)

    @classmethod
    def _metric(cls, name, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": name, "unit": "faults", "direction": "lower", "money_per_unit": 10.0,
            "currency_id": cls.usd.id, "period": "month", **values,
        })

    @classmethod
    def _customer(cls, name, user=None, industry=True, **values):
        return cls._partner(
            name, is_company=True, user_id=user.id if user else False,
            industry_id=cls.industry.id if industry else False, **values,
        )

    @classmethod
    def _record(cls, partner, value, metric=None, ago=0, **values):
        """Record a value of a whole month: of the last one, or of one as many months earlier."""
        first = cls.month - relativedelta(months=ago)
        return cls.env["customer.benefit.record"].create({
            "company_id": cls.company.id, "partner_id": partner.id, "metric_id": (metric or cls.metric).id,
            "date_from": first, "date_to": first + relativedelta(months=1, days=-1),
            "baseline": 20.0, "value": value, **values,
        })

    @classmethod
    def _measured(cls, name, value, metric=None, user=None):
        partner = cls._customer(name, user)
        cls._record(partner, value, metric)
        return partner

    @classmethod
    def _peers(cls, values, metric=None, user=None):
        return cls.env["res.partner"].concat(*(
            cls._measured(f"Secret Peer {number}", value, metric, user) for number, value in enumerate(values)
        ))

    @classmethod
    def _row(cls, partner, **values):
        """Make the value of a customer, as a recompute would."""
        return cls.env["customer.value"].create({"company_id": cls.company.id, "partner_id": partner.id, **values})
