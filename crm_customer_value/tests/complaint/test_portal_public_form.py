import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.voice.customer_voice_flood import LIMITS
from ..portal_case import PortalCase

URL = "/complaints/new"


@tagged("post_install", "-at_install")
class TestPortalPublicForm(PortalCase):
    """The form of people without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_public_form = True
        cls.env["customer.voice.flood"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _new(self):
        return self.env["customer.complaint"].search([], order="id desc", limit=1)

    def _count(self):
        return self.env["customer.complaint"].search_count([])

    def _send(self, url=URL, **data):
        values = {"sender": "Nora Nobody", "email": "nora@nowhere.example", "text": "My lamp is dark", **data}
        return self._post(url, values)

    def test_only_where_the_company_wants_it(self):
        other = self.env["res.company"].create({"name": "Portal Closed Company"})
        self.assertEqual(self.url_open(f"{URL}?company={other.id}").status_code, 404)
        self.assertEqual(self.url_open(f"{URL}?company=999999").status_code, 404)
        other.complaint_public_form = True
        self._send(f"{URL}?company={other.id}", company=other.id)
        self.assertEqual(self._new().company_id, other)
        self.company.complaint_public_form = False
        self.assertEqual(self.url_open(URL).status_code, 404)

    def test_send(self):
        """The sender gets a link to the own complaint, on the screen and by e-mail."""
        mails = self.env["mail.mail"].search([])
        response = self._send(phone="123", order_name="S00001", wanted_remedy="repair")
        new = self._new()
        self.assertIn(f"{new.access_url}?access_token={new.access_token}", response.url)
        self.assertIn("Thank you.", response.text)
        self.assertEqual(
            (new.partner_name, new.email_from, new.phone, new.channel_code, new.wanted_remedy, new.order_id.id),
            ("Nora Nobody", "nora@nowhere.example", "123", "portal", "repair", False),
        )
        self.assertIn("S00001", new.description)
        self.assertEqual(new.name, "My lamp is dark")
        self.env.cr.precommit.run()
        mail = (self.env["mail.mail"].search([]) - mails).filtered(lambda mail: "nora@" in f"{mail.email_to}")
        if not new.partner_id:
            self.assertIn(new.access_token, mail.body_html)
        # The link opens this complaint, and the visitor stays a visitor.
        self.assertIn("/web/login", self.url_open("/my/complaints").url)
        self.assertIn("/web/login", self.url_open(f"{self.mine.access_url}?access_token={new.access_token}").url)

    def test_sender_is_named(self):
        """By the name that was given: it proves nothing, and nobody is called by an address."""
        self._send(email=self.alpha.email, files=("lamp.png", b"\x89PNG"))
        new = self._new()
        self.assertFalse(new.partner_id)
        message = new._post_by_customer("It is dark")
        self.assertEqual((message.author_id.id, message.email_from), (False, f'"Nora Nobody" <{self.alpha.email}>'))

    def test_known_address_proves_nothing(self):
        """A customer's address is not the customer: unassigned, unnamed, and the desk is told."""
        response = self._send(email=self.bob.partner_id.email, sender="Not Bob")
        new = self._new()
        self.assertFalse(new.partner_id)
        self.assertNotIn("Bob Beta", response.text)
        note = new.message_ids.filtered(lambda message: "Bob Beta" in (message.body or ""))
        self.assertTrue(note.subtype_id.internal)
        self._login(self.bob)
        self.assertNotIn("My lamp is dark", self._page("/my/complaints"))
        self.assertNotIn(new, self.bob.partner_id.env["customer.complaint"].with_user(self.bob).search([]))

    def test_unknown_address_as_the_team_says(self):
        for number, (way, expected) in enumerate((("unassigned", False), ("create", True))):
            self.env["customer.complaint.team"].search([]).alias_unknown_sender = way
            self._send(email=f"new{number}@nowhere.example")
            new = self._new()
            if new.team_id:
                self.assertEqual(bool(new.partner_id), expected)

    def test_forbidden_fields(self):
        self._send(
            partner_id=self.beta.id, user_id=self.bob.id, stage_id=self._stage("closed").id, compensation="9",
            order_id=self.order.id, line_id=self.order.order_line.id, email_from="x@y.example", access_token="t",
        )
        new = self._new()
        self.assertEqual(
            (new.compensation, new.state, new.order_id.id, new.order_line_id.id, new.email_from),
            (0.0, "received", False, False, "nora@nowhere.example"),
        )
        self.assertNotEqual(new.partner_id, self.beta)
        self.assertNotEqual(new.access_token, "t")

    def test_trap(self):
        """A program that fills in everything is thanked, and heard no further."""
        count = self._count()
        self.assertIn("Thank you", self._send(homepage="http://spam.example").text)
        self.assertEqual(self._count(), count)

    def test_bad_input(self):
        count = self._count()
        for data, message in (
            ({"text": ""}, "tell us what happened"), ({"email": ""}, "enter your e-mail"),
            ({"email": "nora"}, "not a valid e-mail address"), ({"sender": " "}, "enter your name"),
            ({"email": "a@b.example\nBcc: c@d.example, e@f.example"}, "not a valid e-mail address"),
        ):
            response = self._send(**{"phone": "kept 123", **data})
            self.assertIn(message, response.text)
            self.assertIn("kept 123", response.text)
        self.assertEqual(self._count(), count)
        self._send(text="<script>alert(1)</script>", sender="<b>Nora</b>")
        new = self._new()
        self.assertNotIn("<script>alert", self._page(f"{new.access_url}?access_token={new.access_token}"))

    def test_flood_by_address(self):
        """The sixth within an hour with one e-mail address is refused, with its text kept; another is not."""
        count = self._count()
        for __ in range(LIMITS["email"]):
            self._send()
        self.assertEqual(self._count(), count + 5)
        response = self._send(text="the sixth", email="NORA@nowhere.example")
        self.assertIn("too many complaints", response.text)
        self.assertIn("the sixth", response.text)
        self.assertEqual(self._count(), count + 5)
        self._send(email="other@nowhere.example")
        self.assertEqual(self._count(), count + 6)
        flood = self.env["customer.voice.flood"]
        self.assertNotIn("nora", str(flood.search([]).mapped("key")))
        self.env.cr.execute("UPDATE customer_voice_flood SET start = start - interval '61 minutes'")
        flood.invalidate_model()
        self._send()
        self.assertEqual(self._count(), count + 7, "an hour later")
        flood._gc_old()
        self.assertEqual(len(flood.search([])), 4, "what limits nobody is forgotten")

    def test_flood_by_net_address_and_of_all(self):
        flood = self.env["customer.voice.flood"]
        for number in range(LIMITS["ip"]):
            self.assertTrue(flood._admit("1.2.3.4", f"a{number}@x.example"))
        self.assertFalse(flood._admit("1.2.3.4", "b@x.example"))
        self.assertTrue(flood._admit("1.2.3.5", "b@x.example"))
        rows = flood.search([])
        self.env.cr.execute("UPDATE customer_voice_flood SET hits = 500 WHERE key LIKE 'all:%'")
        self.assertFalse(flood._admit("9.9.9.9", "new@x.example"))
        self.assertEqual(flood.search([]), rows, "what is refused leaves nothing behind")

    def test_sent_twice(self):
        html = self._page(URL)
        data = {name: self._hidden(html, name) for name in ("csrf_token", "key")}
        data.update(sender="Nora", email="nora@nowhere.example", text="once")
        count = self._count()
        first = self.url_open(URL, data=data)
        with mute_logger("odoo.sql_db"):
            second = self.url_open(URL, data=data)
        self.assertEqual(self._count(), count + 1)
        tokens = [re.search(r"access_token=[\w-]+", answer.url)[0] for answer in (first, second)]
        self.assertEqual(tokens[0], tokens[1])

    def test_customers_use_their_own_form(self):
        self._login(self.anna)
        self.assertTrue(self.url_open(URL).url.endswith("/my/complaints/new"))
