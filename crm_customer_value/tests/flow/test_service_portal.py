from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import channel, stored_values
from .service_case import ServiceCase


class ServicePortalCase(ServiceCase, HttpCase):
    """Customers with access to the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.member
        cls.portal_user = cls._portal_user("service_portal", cls.contact)
        cls.private = cls._partner("Private Paula", email="paula@example.com")
        cls.private_user = cls._portal_user("service_private", cls.private)
        cls.colleague = cls._partner("Colleague", parent_id=cls.customer.id)

    @classmethod
    def _portal_user(cls, login, partner):
        # Left alone, the new user would rename its contact.
        return new_test_user(
            cls.env, login, groups="base.group_portal", partner_id=partner.id, name=partner.name,
            email=partner.email, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )

    def _assert_tour(self):
        self.start_tour("/my", "customer_service_flow_tour", login="service_portal")
        contact = self.contact.with_company(self.company)
        self.assertEqual((contact.service_flow_id, contact.service_hours), (self.one_contact, "evening"))


@tagged("post_install", "-at_install")
class TestServicePortal(ServicePortalCase):
    """The customer chooses; nobody else, nothing else, and not for anybody else."""

    def _get(self):
        response = self.url_open("/my/service")
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def _post(self, **values):
        values = {"csrf_token": Request.csrf_token(self), **values}
        response = self.url_open("/my/service", data=values)
        self.env.invalidate_all()
        return response

    def _options(self, page, name):
        return {
            option.get("value"): option.text_content().strip()
            for option in page.xpath(f"//select[@name='{name}']/option")
        }

    def test_page(self):
        self.customer.write({"service_flow_id": self.flow.id, "service_channel_id": channel(self.env, "phone")})
        self.contact.service_hours = "morning"
        self.authenticate("service_portal", "service_portal")
        page = self._get()
        self.assertEqual(
            page.xpath("//input[@name='service_flow_id']/@value"),
            ["", str(self.flow.id), str(self.one_contact.id)],
        )
        self.assertEqual(page.xpath("//input[@name='service_flow_id'][@checked]/@value"), [""])
        text = page.xpath("string(//form[hasclass('o_customer_service_form')])")
        self.assertIn("Same as Bakery: Three Steps", text)
        self.assertIn("First → Second → Third", text)
        self.assertEqual(self._options(page, "service_channel_id"), {
            "": "Same as Bakery: Phone",
            **{str(channel(self.env, code)): label for code, label in (
                ("phone", "Phone"), ("visit", "Visit"), ("email", "E-mail"), ("chat", "Chat (e.g. WeChat, WhatsApp)"),
                ("portal", "Portal"),
            )},
        })
        self.assertEqual(page.xpath("//select[@name='service_hours']/option[@selected]/@value"), ["morning"])
        self.assertEqual(
            self._options(page, "service_user_id"), {"": "No preference", str(self.member.id): "Max Member"}
        )
        for name in ("service_user_id", "service_channel_id", "service_hours"):
            self.assertTrue(page.xpath(f"//label[@for='service_{name}']"), "every field has a label")

    def test_languages_are_offered_where_there_are_several(self):
        self.env["res.lang"].search([("code", "!=", "en_US")]).active = False
        self.authenticate("service_portal", "service_portal")
        self.assertFalse(self._get().xpath("//select[@name='lang']"))
        self.env["res.lang"]._activate_lang("fr_FR")
        page = self._get()
        self.assertEqual(set(self._options(page, "lang")), {"en_US", "fr_FR"})
        self.assertTrue(page.xpath("//label[@for='service_lang']"))
        self.assertIn("e-mails", page.xpath("string(//*[@id='service_lang_help'])"))

    def test_people_offered_by_a_team(self):
        self.technical.member_ids = self.person
        self.authenticate("service_portal", "service_portal")
        self.assertNotIn(str(self.person.id), self._options(self._get(), "service_user_id"))
        self.technical.members_offered = True
        offered = self._options(self._get(), "service_user_id")
        self.assertEqual(set(offered.values()), {"No preference", "Max Member", "Petra Person", "Lea Leader"})
        self.person.active = False
        self.assertNotIn(str(self.person.id), self._options(self._get(), "service_user_id"))

    def test_choose(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.authenticate("service_portal", "service_portal")
        response = self._post(
            service_flow_id=self.one_contact.id, service_user_id=self.member.id,
            service_channel_id=channel(self.env, "email"), service_hours="evening", lang="fr_FR",
        )
        self.assertEqual(response.url.rsplit("/", 1)[1], "service?saved=1")
        contact = self.contact.with_company(self.company)
        self.assertEqual(
            (contact.service_flow_id, contact.service_user_id, contact.service_channel_id.id, contact.service_hours),
            (self.one_contact, self.member, channel(self.env, "email"), "evening"),
        )
        self.assertEqual(contact.lang, "fr_FR")
        self.assertFalse(self.customer.service_flow_id, "the whole company goes on as it was")
        self.assertEqual(self._complain().user_id, self.member)
        self._post(service_flow_id="", service_channel_id="")
        self.assertFalse(contact.service_flow_id or contact.service_channel_id)
        self.assertEqual(contact.service_user_id, self.member, "what was not posted stays")

    def test_forbidden_values(self):
        other = self._make_company("Other Company")
        foreign = self.env["customer.service.flow"].create({
            "name": "Elsewhere", "one_contact": True, "company_id": other.id,
        })
        hidden = self.env["customer.service.flow"].create({
            "name": "Hidden", "one_contact": True, "active": False, "company_id": self.company.id,
        })
        self.authenticate("service_portal", "service_portal")
        before = stored_values(self.contact)
        for values in (
            {"service_flow_id": foreign.id},
            {"service_flow_id": hidden.id},
            {"service_flow_id": 2**40},
            {"service_flow_id": "1 OR 1=1"},
            {"service_user_id": self.person.id},
            {"service_user_id": self.env.ref("base.user_admin").id},
            {"service_user_id": self.portal_user.id},
            {"service_channel_id": "telepathy"},
            {"service_channel_id": channel(self.env, "website")},
            {"service_hours": "<script>alert(1)</script>"},
            {"lang": "xx_XX"},
            {"lang": ""},
            # Nothing at all is kept when one of them is refused.
            {"service_channel_id": channel(self.env, "email"), "service_hours": "night"},
        ):
            with self.subTest(values):
                response = self._post(**values)
                self.assertEqual(response.status_code, 422)
                self.assertIn("no longer available", response.text)
                self.assertNotIn("<script>alert(1)", response.text)
                self.assertEqual(stored_values(self.contact), before)

    def test_mass_assignment(self):
        """Fields that are not offered, and records of others, are not even looked at."""
        self.authenticate("service_portal", "service_portal")
        self._post(
            service_hours="morning", id=self.private.id, partner_id=self.private.id, res_id=self.customer.id,
            name="Owned", parent_id="", user_id=self.person.id, company_id=1, active="", credit_limit=1e9,
            email="thief@example.com", commercial_partner_id=self.private.id,
        )
        self.assertEqual(self.contact.service_hours, "morning")
        self.assertEqual((self.contact.name, self.contact.email), ("Baker", "baker@example.com"))
        self.assertEqual(self.contact.parent_id, self.customer)
        self.assertFalse(self.contact.user_id)
        for partner in (self.private, self.customer, self.colleague):
            self.assertFalse(partner.service_hours)

    def test_private_person(self):
        self.authenticate("service_private", "service_private")
        page = self._get()
        self.assertEqual(self._options(page, "service_user_id"), {"": "No preference"})
        self.assertNotIn("Bakery", page.text_content())
        self.assertEqual(self._post(service_user_id=self.member.id).status_code, 422)

    def test_needs_login_and_token(self):
        response = self.url_open("/my/service", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])
        self.authenticate("service_portal", "service_portal")
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open("/my/service", data={"service_hours": "morning"})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.contact.service_hours)

    def test_no_rights_by_remote_calls(self):
        partner = self.contact.with_user(self.portal_user)
        with self.assertRaises(AccessError):
            partner.write({"service_hours": "morning"})
        with self.assertRaises(AccessError):
            partner.read(["service_user_id"])
        for model in ("customer.service.flow", "customer.service.flow.step", "customer.complaint.team"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal_user).search_read([], ["name"])

    def test_staff(self):
        """Whoever edits partners edits how they are served; others do not."""
        clerk = new_test_user(self.env, "service_reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.contact.with_user(clerk).service_hours = "morning"
        seller = new_test_user(self.env, "service_seller", groups="sales_team.group_sale_salesman")
        self.contact.with_user(seller).service_hours = "morning"
        self.assertEqual(self.contact.service_hours, "morning")

    def test_tour(self):
        self._assert_tour()


@tagged("post_install", "-at_install")
class TestServicePortalPhone(ServicePortalCase):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_tour(self):
        self._assert_tour()
