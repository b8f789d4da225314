import re
import uuid

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.voice.customer_voice_flood import LIMITS
from ..portal_case import PortalCase

PUBLIC = "/complaints/new"
NEW = "/my/complaints/new"


@tagged("post_install", "-at_install")
class TestPortalAbuse(PortalCase):
    """What links, forms and pages are worth to people they are not meant for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_public_form = True
        cls.flood = cls.env["customer.voice.flood"]
        cls.flood.search([]).unlink()

    def _new(self):
        return self.env["customer.complaint"].search([], order="id desc", limit=1)

    def _send_public(self, **data):
        self.authenticate(None, None)
        return self._post(PUBLIC, {"sender": "Nora", "email": "nora@nowhere.example", "text": "Dark", **data})

    def _write_message(self, thread, token=None):
        return self._rpc(
            "/mail/message/post", thread_model=thread._name, thread_id=thread.id,
            post_data={"body": "from outside"}, **({"token": token} if token else {}),
        )

    # The mark of a form

    def test_mark_leads_to_the_link_of_sending_only(self):
        key = str(uuid.uuid4())
        self._send_public(key=key, email=self.bob.partner_id.email)
        complaint = self._new()
        token = complaint.access_token
        self.assertIn(token, self.url_open(f"{PUBLIC}?sent={key}").url)
        complaint.partner_id = self.bob.partner_id
        self.assertFalse(complaint.access_token or complaint.portal_key)
        response = self.url_open(f"{PUBLIC}?sent={key}")
        self.assertNotIn("access_token", response.url)
        self.assertNotIn("Dark", response.text)
        complaint.invalidate_recordset()
        self.assertFalse(complaint.access_token, "no new link was made")
        renewed = complaint._portal_ensure_token()
        self.assertNotIn(renewed, self.url_open(f"{PUBLIC}?sent={key}").url)

    def test_mark_makes_no_link(self):
        """Not even where the mark is left and the link is not."""
        key = str(uuid.uuid4())
        self._send_public(key=key, email=self.bob.partner_id.email)
        complaint = self._new()
        complaint.access_token = False
        self.assertNotIn("access_token", self.url_open(f"{PUBLIC}?sent={key}").url)
        complaint.invalidate_recordset()
        self.assertFalse(complaint.access_token)

    def test_contact_made_of_the_sender_keeps_the_mark(self):
        """A second click makes no second complaint where the team takes unknown senders as contacts."""
        self.env["customer.complaint.team"].search([]).alias_unknown_sender = "create"
        key = str(uuid.uuid4())
        first = self._send_public(key=key, email="fresh@nowhere.example")
        complaint = self._new()
        self.assertTrue(complaint.partner_id)
        with mute_logger("odoo.sql_db"):
            second = self._send_public(key=key, email="fresh@nowhere.example")
        self.assertEqual(self._new(), complaint)
        tokens = [re.search(r"access_token=[\w-]+", answer.url)[0] for answer in (first, second)]
        self.assertEqual(tokens[0], tokens[1])

    # Answers on the page

    def _wait(self, complaint):
        complaint.write({"severity": "low", "stage_id": self.env.ref("crm_customer_value.complaint_stage_waiting").id})
        self.assertTrue(complaint.waits_for_customer)

    def test_answer_on_the_page_ends_waiting(self):
        """By page, by link and by program, as by e-mail; an employee's message does not."""
        token = self.mine._portal_ensure_token()
        self._wait(self.mine)
        self._login(self.employee)
        self._write_message(self.mine)
        self.mine.invalidate_recordset()
        self.assertTrue(self.mine.waits_for_customer)
        for user, write in (
            (self.anna, lambda: self._write_message(self.mine)),
            (None, lambda: self._write_message(self.mine, token)),
            (self.alex, lambda: self._call("customer.complaint", "message_post", self.mine.ids, body="by rpc")),
        ):
            self._wait(self.mine)
            if user:
                self._login(user)
            else:
                self.authenticate(None, None)
            self.assertIn("result", write())
            self.mine.invalidate_recordset()
            self.assertFalse(self.mine.waits_for_customer, user)
            self.assertEqual(self.mine.state, "handling")

    def test_answer_on_the_page_after_ours(self):
        """To our answer: handled again. After closing: reopened, or another complaint when it is too late."""
        self._login(self.anna)
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        self._write_message(self.mine)
        self.mine.invalidate_recordset()
        self.assertEqual((self.mine.state, self.mine.clock_state), ("handling", "running"))
        self.mine.stage_id = self._stage("closed")
        self._write_message(self.mine)
        self.mine.invalidate_recordset()
        self.assertEqual((self.mine.state, self.mine.reopen_count), ("handling", 1))
        self.assertTrue(self.mine.message_ids.filtered(lambda message: "on the portal" in (message.body or "")))
        self.mine.stage_id = self._stage("closed")
        self.mine.date_closed = "2020-01-01 00:00:00"
        self._write_message(self.mine)
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.state, "closed")
        follows = self.env["customer.complaint"].search([("previous_id", "=", self.mine.id)])
        self.assertEqual((follows.state, follows.partner_id), ("received", self.anna.partner_id))

    # Employees

    def test_employees_are_no_customers(self):
        self._login(self.employee)
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        self.assertNotIn("/confirm", self._page(self.mine.access_url))
        token = self.mine._portal_ensure_token()
        for action in ("confirm", "reopen"):
            for data in ({}, {"access_token": token}):
                response = self._post(f"{self.mine.access_url}/{action}", {"reason": "x", **data}, form_url=NEW)
                self.assertIn("signed in as an employee", response.text)
        self.mine.invalidate_recordset()
        self.assertEqual((self.mine.state, self.mine.customer_confirmed), ("answered", False))
        own = self._complaint(self.employee.partner_id, "An employee's own")
        own.write({"severity": "low", "stage_id": self._stage("answered").id})
        self._post(f"{own.access_url}/confirm", form_url=own.access_url)
        own.invalidate_recordset()
        self.assertEqual(own.state, "closed")

    # Floods

    @mute_logger("odoo.http")
    def test_flood_of_messages_by_link(self):
        token = self.mine._portal_ensure_token()
        self.authenticate(None, None)
        for __ in range(3):
            self._refused(self._write_message(self.mine, "wrong"))
        for __ in range(LIMITS["post_thread"]):
            self.assertIn("result", self._write_message(self.mine, token))
        count = len(self.mine.message_ids)
        self._refused(self._write_message(self.mine, token))
        self.mine.invalidate_recordset()
        self.assertEqual(len(self.mine.message_ids), count)
        self._login(self.anna)
        self.assertIn("result", self._write_message(self.mine), "who is logged in is known")

    def test_room_for_messages(self):
        """By conversation from everywhere, and by address to every conversation."""
        for number in range(LIMITS["post_thread"]):
            self.assertTrue(self.flood._admit_post(f"1.1.1.{number}", self.mine))
        self.assertFalse(self.flood._admit_post("2.2.2.2", self.mine))
        for __ in range(LIMITS["post_ip"]):
            self.flood._admit_post("3.3.3.3", self.foreign)
        self.assertFalse(self.flood._admit_post("3.3.3.3", self.colleagues))
        self.assertTrue(self.flood._admit_post("2.2.2.2", self.colleagues))

    def test_mistakes_count(self):
        """Whoever fails again and again is stopped before the form is looked at."""
        for __ in range(LIMITS["try"] - 1):
            self.assertTrue(self.flood._admit_try("127.0.0.1"))
        self.assertIn("tell us what happened", self._send_public(text="").text)
        response = self._send_public(text="", phone="kept 123")
        self.assertIn("too many complaints", response.text)
        self.assertNotIn("tell us what happened", response.text)
        self.assertIn("kept 123", response.text)

    def test_plus_addresses_are_one(self):
        for number in range(LIMITS["email"]):
            self.assertTrue(self.flood._admit(f"4.4.4.{number}", f"Nora+{number}@nowhere.example"))
        self.assertFalse(self.flood._admit("4.4.4.9", "nora@nowhere.example"))
        self.assertTrue(self.flood._admit("4.4.4.9", "+x@nowhere.example"))

    def test_receipt_repeats_nothing_of_unknown_senders(self):
        template = self.env.ref("crm_customer_value.mail_template_complaint_received")
        for way in ("unassigned", "create"):
            self.env["customer.complaint.team"].search([]).alias_unknown_sender = way
            self._send_public(sender="Buy Pills", name="Cheap at evil.example", email=f"{way}@nowhere.example")
            complaint = self._new()
            body = template._generate_template(complaint.ids, ("body_html",))[complaint.id]["body_html"]
            self.assertIn(complaint.number, body)
            self.assertNotIn("Pills", body)
            self.assertNotIn("evil.example", body)
        body = template._generate_template(self.mine.ids, ("body_html",))[self.mine.id]["body_html"]
        self.assertIn("Hello Anna Alpha", body)
        self.assertIn("Lamp is broken", body)

    # Odd input

    def test_odd_addresses(self):
        self.authenticate(None, None)
        for query, status in (
            ("company=²", 200), ("company=%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5", 404), (f"company={'9' * 5000}", 404),
            ("sent=%00", 200), ("sent=x", 200), ("company=%00", 200),
        ):
            self.assertEqual(self.url_open(f"{PUBLIC}?{query}").status_code, status, query)
        self._login(self.anna)
        for url in (f"{NEW}?sent=%00", "/my/complaints?search=%00la%00te", "/my/suggestions?search=%00"):
            self._page(url)
        self.assertIn(self.colleagues.name, self._page("/my/complaints?search=%00la%00te"))

    def test_nul_is_left_out(self):
        self._send_public(text="Da\0rk", sender="No\0ra", name="Sub\0ject", phone="1\x002")
        new = self._new()
        self.assertEqual((new.name, new.partner_name, new.phone), ("Subject", "Nora", "12"))
        self.assertIn("Dark", new.description)
        self._login(self.anna)
        self._post(NEW, {"text": "Bro\0ken", "name": "\0"})
        self.assertEqual(self._new().name, "Broken")
        self._post("/my/suggestions/new", {"name": "Sma\0ller", "description": "Par\0cels", "benefit": "\0much"})
        suggestion = self.env["customer.suggestion"].search([], order="id desc", limit=1)
        self.assertEqual((suggestion.name, suggestion.benefit_description), ("Smaller", "much"))
        self.assertIn("Parcels", suggestion.description)
        self.mine.write({"severity": "low", "stage_id": self._stage("closed").id})
        rate = f"{self.mine.access_url}/rate"
        response = self._post(rate, {"stars": "5", "comment": "Ni\0ce"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.mine._current_rating().feedback, "Nice")
        self._post(f"{self.mine.access_url}/reopen", {"reason": "Sti\0ll"}, form_url=self.mine.access_url)
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.state, "handling")

    def test_search_by_order_takes_the_right(self):
        clerk = new_test_user(self.env, "portal_no_sales", groups="crm_customer_value.group_service_all")
        # Without what the shared group of the tests may imply.
        self.assertFalse(self.env["sale.order"].with_user(clerk).has_access("read"))
        self._login(clerk)
        page = self._page("/my/complaints?search=x&search_in=order")
        self.assertNotIn("Search in Order", page)
        self._login(self.anna)
        self.assertIn("Search in Order", self._page("/my/complaints"))

    # Suggestions

    def test_suggestion_sent_twice(self):
        self._login(self.anna)
        url = "/my/suggestions/new"
        html = self._page(url)
        data = {name: self._hidden(html, name) for name in ("csrf_token", "key")}
        data.update(name="Smaller parcels", description="Half the size")
        suggestions = self.env["customer.suggestion"]
        count = suggestions.search_count([])
        first, second = (self.url_open(url, data=data) for __ in range(2))
        self.assertEqual(suggestions.search_count([]), count + 1)
        self.assertEqual(second.url, first.url)
        self._login(self.bob)
        third = self._post(url, {**data, "csrf_token": self._hidden(self._page(url), "csrf_token")})
        self.assertTrue(third.url.endswith("/my/suggestions"), "somebody else's mark leads nowhere")
        self._login(self.anna)
        self._post(url, {**data, "key": "1", "csrf_token": self._hidden(self._page(url), "csrf_token")})
        self.assertEqual(suggestions.search_count([]), count + 2)
