import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command, Date
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user


class BenefitPortalCase(HttpCase):
    """A telecom customer with two contacts and a private person, each with a portal user, and who serves them.

    Faults fell from 40 to 25 last month; one less is worth 10, so that they gained 150.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.this_month = Date.today().replace(day=1)
        cls.company = cls.env["res.company"].create({
            "name": "Line Company", "currency_id": cls.env.ref("base.USD").id,
        })
        cls.other_company = cls.env["res.company"].create({"name": "Another Line Company"})
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.env = cls.env(context={
            **cls.env.context, "allowed_company_ids": cls.company.ids, "tracking_disable": True, "tz": "UTC",
        })
        cls.company = cls.company.with_env(cls.env)
        staff = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.seller = new_test_user(
            cls.env, "line_seller", name="Sally Seller", groups="sales_team.group_sale_salesman", **staff
        )
        cls.owner = new_test_user(
            cls.env, "line_owner", name="Oscar Owner", groups="crm_customer_value.group_service_own", **staff
        )
        cls.manager = new_test_user(
            cls.env, "line_manager", groups="crm_customer_value.group_service_manager", **staff
        )
        cls.mill = cls._partner("Mill Telecom", is_company=True, user_id=cls.seller.id)
        cls.anna = cls._portal("line_anna", cls._partner("Anna Mill", parent_id=cls.mill.id))
        cls.alex = cls._portal("line_alex", cls._partner("Alex Mill", parent_id=cls.mill.id))
        cls.rival = cls._partner("Rival Radio", is_company=True)
        cls.bob = cls._portal("line_bob", cls._partner("Bob Rival", parent_id=cls.rival.id))
        cls.faults = cls._metric("Faults of the test", "faults")
        cls.goal = cls.env["customer.benefit.goal"].create({
            "company_id": cls.company.id, "partner_id": cls.anna.partner_id.id, "metric_id": cls.faults.id,
            "baseline": 40.0, "target": 10.0, "date_start": cls.this_month - relativedelta(months=24),
            "date_target": cls.this_month + relativedelta(months=6),
            "user_id": cls.owner.id, "plan": "Secret plan of ours",
        })
        cls.record = cls._record(1, 25.0, note="Secret remark of ours")
        cls.need_type = cls.env["customer.need.type"].create({
            "name": "Works day and night", "dimension": "functional", "advice": "Secret advice of ours",
        })
        cls.objection_type = cls.env["customer.need.type"].create({"name": "Too dear", "kind": "objection"})
        cls.need = cls._need("The line must not fail on Sundays", yardstick="No Sunday without a line")

    @classmethod
    def _partner(cls, name, **values):
        mail = name.lower().replace(" ", ".")
        return cls.env["res.partner"].create({"name": name, "email": f"{mail}@example.com", **values})

    @classmethod
    def _portal(cls, login, partner):
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=partner.id, name=partner.name, email=partner.email,
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _metric(cls, name, unit, **values):
        return cls.env["customer.benefit.metric"].create({
            "name": name, "unit": unit, "direction": "lower", "money_per_unit": 10.0, "period": "month",
            "currency_id": cls.env.ref("base.USD").id, **values,
        })

    @classmethod
    def _month(cls, ago):
        """Return first and last day of the month that lies ``ago`` months before this one."""
        first = cls.this_month - relativedelta(months=ago)
        return first, first + relativedelta(months=1) - timedelta(days=1)

    @classmethod
    def _record(cls, ago, value, **values):
        """Create a record of the month that lies ``ago`` months back."""
        first, last = cls._month(ago)
        return cls.env["customer.benefit.record"].create({
            "company_id": cls.company.id, "partner_id": cls.anna.partner_id.id, "metric_id": cls.faults.id,
            "goal_id": cls.goal.id, "date_from": first, "date_to": last, "value": value, **values,
        })

    @classmethod
    def _need(cls, words, **values):
        return cls.env["customer.need"].create({
            "company_id": cls.company.id, "partner_id": cls.anna.partner_id.id, "type_id": cls.need_type.id,
            "words": words, "importance": 4, "user_id": cls.owner.id, **values,
        })

    @classmethod
    def _as(cls, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _page(self, url, status=200):
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        return response.text

    def _hidden(self, html, name):
        return re.search(rf'name="{name}" value="([^"]*)"', html).group(1)

    def _send(self, url, **data):
        """Send a form as a browser does, with what is hidden in the page it is on."""
        html = self._page(url)
        for name in ("key", "mark"):
            if f'name="{name}"' in html and name not in data:
                data[name] = self._hidden(html, name)
        return self._post(url, **data)

    def _post(self, url, **data):
        """Send what is given and the token, and nothing else; return the page that follows."""
        response = self.url_open(url, data={"csrf_token": Request.csrf_token(self), **data})
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200, url)
        return response.text
