import json
import re

from odoo.tests import HttpCase, new_test_user


class PortalCase(HttpCase):
    """Customers of two families, a sister company and a private person, and who serves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "mail_notrack": True})
        cls.company = cls.env.company
        cls.employee = new_test_user(cls.env, "portal_employee", groups="crm_customer_value.group_service_all")
        cls.team = cls.env["customer.complaint.team"].create({
            "name": "Portal Team", "company_id": cls.company.id, "leader_id": cls.employee.id,
            "member_ids": [(6, 0, cls.employee.ids)],
        })
        cls.product = cls.env["product.product"].create({"name": "Lamp", "type": "consu", "taxes_id": False})
        holding = cls._partner("Portal Holding", is_company=True)
        cls.alpha = cls._partner("Alpha Lights", is_company=True, parent_id=holding.id)
        cls.sister = cls._partner("Sister Lights", is_company=True, parent_id=holding.id)
        cls.beta = cls._partner("Beta Bakery", is_company=True)
        cls.private = cls._partner("Paula Private")
        cls.anna = cls._portal("portal_anna", cls._partner("Anna Alpha", parent_id=cls.alpha.id))
        cls.alex = cls._portal("portal_alex", cls._partner("Alex Alpha", parent_id=cls.alpha.id))
        cls.sam = cls._portal("portal_sam", cls._partner("Sam Sister", parent_id=cls.sister.id))
        cls.bob = cls._portal("portal_bob_beta", cls._partner("Bob Beta", parent_id=cls.beta.id))
        cls.paula = cls._portal("portal_paula", cls.private)
        cls.order = cls._order(cls.alpha)
        cls.foreign_order = cls._order(cls.beta)
        cls.mine = cls._complaint(cls.anna.partner_id, "Lamp is broken", order_id=cls.order.id)
        cls.colleagues = cls._complaint(cls.alex.partner_id, "Lamp is late")
        cls.sisters = cls._complaint(cls.sam.partner_id, "Sister's secret")
        cls.foreign = cls._complaint(cls.bob.partner_id, "Bob's secret")
        cls.privates = cls._complaint(cls.private, "Paula's secret")
        cls.unassigned = cls._complaint(cls.env["res.partner"], "Stranger's secret", email_from="who@example.com")

    @classmethod
    def _partner(cls, name, **values):
        mail = name.lower().replace(" ", ".").replace("'", "")
        return cls.env["res.partner"].create({"name": name, "email": f"{mail}@example.com", **values})

    @classmethod
    def _portal(cls, login, partner, **values):
        return new_test_user(
            cls.env, login, name=partner.name, groups="base.group_portal", partner_id=partner.id,
            email=partner.email, **values,
        )

    @classmethod
    def _order(cls, partner, **values):
        order = cls.env["sale.order"].create({
            "partner_id": partner.id,
            "order_line": [(0, 0, {"product_id": cls.product.id, "product_uom_qty": 1, "price_unit": 50.0})],
            **values,
        })
        order.state = "sale"
        return order

    @classmethod
    def _complaint(cls, partner, name, **values):
        return cls.env["customer.complaint"].create({
            "name": name, "description": f"<p>{name}, in detail</p>", "partner_id": partner.id,
            "team_id": cls.team.id, "user_id": cls.employee.id, "severity": "critical",
            "root_cause": "inner cause", "compensation": 77.0, **values,
        })

    @classmethod
    def _stage(cls, state):
        return cls.env["customer.complaint.stage"].search([("state", "=", state)], limit=1)

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _rpc(self, url, **params):
        """Call a JSON route as whoever is logged in; return the whole answer."""
        response = self.url_open(url, data=json.dumps({"params": params}), headers={"Content-Type": "application/json"})
        if response.status_code != 200:
            return {"error": {"code": response.status_code}}
        return response.json()

    def _call(self, model, method, *args, **kwargs):
        return self._rpc(f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs)

    def _refused(self, answer, message=""):
        self.assertIn("error", answer, message)
        self.assertNotIn("Traceback", json.dumps(answer.get("error", {}).get("message", "")))

    def _page(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200, url)
        return response.text

    def _hidden(self, html, name):
        return re.search(rf'name="{name}" value="([^"]*)"', html).group(1)

    def _post(self, url, data=None, form_url=None, files=None, **options):
        """Send a form as a browser does, with the token of the page it is on."""
        html = self._page(form_url or url)
        fields = {"csrf_token": self._hidden(html, "csrf_token")}
        if 'name="key"' in html:
            fields["key"] = self._hidden(html, "key")
        return self.url_open(url, data={**fields, **(data or {})}, files=files, **options)
