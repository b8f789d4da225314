import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestPortalThreads(PortalCase):
    """Conversations: what customers see of them and what they can do to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mine = cls.mine.with_user(cls.employee)
        cls.note = mine.message_post(
            body="inner note", message_type="comment", subtype_xmlid="mail.mt_note",
            attachments=[("inner.txt", b"inner file")],
        )
        cls.log = mine._message_log(body="inner log")
        cls.system_note = mine.message_post(body="inner program", attachments=[("program.txt", b"inner file")])
        cls.answer = mine.message_post(
            body="outer answer", message_type="comment", subtype_xmlid="mail.mt_comment",
            attachments=[("outer.txt", b"outer file")],
        )
        # Somebody else was drawn in, and answered by e-mail.
        cls.mine.message_subscribe(cls.bob.partner_id.ids)
        cls.strangers = cls.mine.message_post(
            body="other customer's words", author_id=cls.bob.partner_id.id, message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        cls.inner = cls.note | cls.log | cls.system_note | cls.strangers
        cls.foreign_answer = cls.foreign.with_user(cls.employee).message_post(
            body="Bob's answer", message_type="comment", subtype_xmlid="mail.mt_comment",
            attachments=[("bob.txt", b"bob's file")],
        )
        cls.token = cls.mine._portal_ensure_token()
        cls.foreign_token = cls.foreign._portal_ensure_token()

    def _fetch(self, thread, **params):
        return self._rpc(
            "/mail/chatter_fetch", thread_model="customer.complaint", thread_id=thread.id, fetch_params={}, **params
        )

    def test_chatter_shows_answers_only(self):
        for user, params in ((self.anna, {}), (None, {"token": self.token})):
            if user:
                self._login(user)
            else:
                self.authenticate(None, None)
            found = self._fetch(self.mine, **params)["result"]
            self.assertIn(self.answer.id, found["messages"])
            self.assertFalse(set(self.inner.ids) & set(found["messages"]))
            for secret in ("inner", "Bob", "other customer"):
                self.assertNotIn(secret, json.dumps(found))

    @mute_logger(*NOISE)
    def test_chatter_of_others(self):
        self._login(self.anna)
        for thread in (self.foreign, self.sisters, self.unassigned):
            self.assertFalse(self._fetch(thread).get("result", {}).get("messages"))
            self._refused(self._fetch(thread, token=self.token), "the token of another complaint")
            self._refused(self._fetch(thread, token="x"))
        self.authenticate(None, None)
        self.assertFalse(self._fetch(self.mine).get("result", {}).get("messages"))
        self._refused(self._fetch(self.mine, token=self.foreign_token))
        self._refused(self._rpc(
            "/mail/chatter_fetch", thread_model="sale.order", thread_id=self.order.id, token=self.token
        ), "a token in another model")

    @mute_logger(*NOISE)
    def test_notes_by_number(self):
        """Odoo's searches hide notes; asking for their numbers must not show them either."""
        self._login(self.anna)
        for message in self.inner:
            self._refused(self._call("mail.message", "read", message.ids, ["body"]), message.body)
            with self.assertRaises(AccessError):
                message.with_user(self.anna).read(["body"])
        found = self._call("mail.message", "search", [["model", "=", "customer.complaint"]])["result"]
        self.assertNotIn(self.note.id, found)
        self.assertTrue(self._call("mail.message", "read", self.answer.ids, ["body"])["result"])
        self._refused(self._call("mail.message", "read", self.foreign_answer.ids, ["body"]))

    @mute_logger(*NOISE)
    def test_mail_routes(self):
        """The routes of the employees' chatter tell customers nothing."""
        self._login(self.anna)
        thread = {"thread_model": "customer.complaint", "thread_id": self.mine.id}
        answers = [
            self._rpc("/mail/thread/messages", **thread),
            self._rpc("/mail/thread/recipients", **thread),
            self._rpc("/mail/thread/recipients", **thread, message_id=self.strangers.id),
            self._rpc("/mail/thread/recipients/get_suggested_recipients", **thread),
            self._rpc("/mail/thread/subscribe", res_model="customer.complaint", res_id=self.foreign.id,
                      partner_ids=self.anna.partner_id.ids),
        ]
        requests = ["followers", "attachments", "suggestedRecipients", "activities", "scheduledMessages"]
        for names in (*([name] for name in requests), requests):
            for complaint in (self.mine, self.foreign):
                answers.append(self._rpc("/mail/data", fetch_params=[
                    ["mail.thread", {"thread_model": "customer.complaint", "thread_id": complaint.id,
                                     "request_list": names}],
                ]))
                answers.append(self._rpc("/mail/thread/data", thread_model="customer.complaint",
                                         thread_id=complaint.id, request_list=names))
        text = json.dumps(answers)
        for secret in ("inner", "Bob", "bob.", "other customer", "raw_access_token"):
            self.assertNotIn(secret, text)
        self.assertNotIn(self.anna.partner_id, self.foreign.message_partner_ids)

    @mute_logger(*NOISE)
    def test_attachments(self):
        """Files of notes and of others cannot be had; files of answers can, by the key in the message."""
        hidden = (self.note | self.system_note | self.foreign_answer).attachment_ids
        self.assertEqual(len(hidden), 3)
        for user in (self.anna, None):
            if user:
                self._login(user)
            else:
                self.authenticate(None, None)
            for attachment in hidden:
                for url in (
                    f"/web/content/{attachment.id}", f"/web/image/{attachment.id}",
                    f"/web/content/{attachment.id}?access_token={self.token}",
                    f"/web/content/ir.attachment/{attachment.id}/raw",
                    f"/web/content/ir.attachment/{attachment.id}/datas",
                    f"/web/content/{attachment.id}?access_token={self.answer.attachment_ids._get_raw_access_token()}",
                    f"/mail/attachment/{attachment.id}",
                ):
                    self.assertNotIn("file", self.url_open(url).content.decode(errors="ignore")[:30], url)
            for field in ("root_cause", "description", "access_token"):
                response = self.url_open(f"/web/content/customer.complaint/{self.foreign.id}/{field}")
                self.assertNotIn("inner cause", response.text)
                self.assertNotIn("in detail", response.text)
        self._login(self.anna)
        self._refused(self._call("ir.attachment", "search_read", [["res_model", "=", "customer.complaint"]], ["name"]))
        found = self._fetch(self.mine)["result"]["data"]["mail.message"]
        [attachment] = next(message for message in found if message["id"] == self.answer.id)["attachment_ids"]
        response = self.url_open(f"/web/content/{attachment['id']}?access_token={attachment['raw_access_token']}")
        self.assertEqual(response.content, b"outer file")

    def _post_message(self, thread, token=None, **post_data):
        return self._rpc(
            "/mail/message/post", thread_model="customer.complaint", thread_id=thread.id,
            post_data={"body": "from outside", **post_data}, **({"token": token} if token else {}),
        )

    def _last(self, thread):
        return self.env["mail.message"].search(
            [("model", "=", "customer.complaint"), ("res_id", "=", thread.id)], limit=1, order="id desc"
        )

    @mute_logger(*NOISE)
    def test_posting(self):
        """Customers write messages: no notes, not in others' names, no files of others."""
        self._login(self.anna)
        comment = self.env.ref("mail.mt_comment")
        for extra in (
            {}, {"subtype_xmlid": "mail.mt_note"}, {"message_type": "notification"},
            {"author_id": self.employee.partner_id.id, "email_from": "boss@example.com"},
            {"is_internal": True}, {"partner_ids": self.bob.partner_id.ids}, {"partner_emails": ["bob@x.example"]},
        ):
            self.assertIn("result", self._post_message(self.mine, **extra), extra)
            last = self._last(self.mine)
            self.assertEqual(last.subtype_id, comment, extra)
            self.assertEqual((last.message_type, last.is_internal), ("comment", False), extra)
            self.assertEqual(last.author_id, self.anna.partner_id, extra)
            self.assertFalse(last.partner_ids, extra)
        for kwargs in (
            {"body": "by rpc", "subtype_xmlid": "mail.mt_note", "author_id": self.employee.partner_id.id},
            {"body": "by rpc", "message_type": "notification", "partner_ids": self.bob.partner_id.ids},
        ):
            self.assertIn("result", self._call("customer.complaint", "message_post", self.mine.ids, **kwargs))
            last = self._last(self.mine)
            self.assertIn("by rpc", last.body)
            self.assertEqual((last.subtype_id, last.author_id), (comment, self.anna.partner_id))
            self.assertFalse(last.partner_ids)
        count = len(self.foreign.message_ids)
        self._refused(self._post_message(self.foreign))
        self._refused(self._post_message(self.foreign, token=self.token))
        self._refused(self._call("customer.complaint", "message_post", self.foreign.ids, body="by rpc"))
        hidden = self.foreign_answer.attachment_ids
        for tokens in ({}, {"attachment_tokens": ["x"]}, {"attachment_tokens": [self.token]}):
            self._refused(self._post_message(self.mine, attachment_ids=hidden.ids, **tokens))
        self._call("customer.complaint", "message_post", self.mine.ids, body="x", attachment_ids=hidden.ids)
        self.assertFalse(self._last(self.mine).attachment_ids)
        self.assertEqual(set(hidden.mapped("res_id")), {self.foreign.id})
        self._refused(self._call("mail.message", "create", {
            "model": "customer.complaint", "res_id": self.foreign.id, "body": "x", "message_type": "comment",
        }))
        self.foreign.invalidate_recordset()
        self.assertEqual(len(self.foreign.message_ids), count)

    @mute_logger(*NOISE)
    def test_changing_messages(self):
        self._login(self.anna)
        for message in self.answer | self.note | self.foreign_answer:
            body = message.body
            self._refused(self._call("mail.message", "write", message.ids, {"body": "changed"}))
            self._refused(self._call("mail.message", "unlink", message.ids))
            self._refused(self._rpc(
                "/mail/message/update_content", message_id=message.id, update_data={"body": "changed"}
            ))
            self._refused(self._rpc("/mail/update_is_internal", message_id=message.id, is_internal=True))
            message.invalidate_recordset()
            self.assertEqual(message.body, body)

    @mute_logger(*NOISE)
    def test_posting_by_link(self):
        """Whoever has the link writes as that complaint's contact, or as nobody."""
        self.authenticate(None, None)
        self.assertIn("result", self._post_message(self.mine, token=self.token, subtype_xmlid="mail.mt_note"))
        last = self._last(self.mine)
        self.assertEqual((last.subtype_id, last.author_id), (self.env.ref("mail.mt_comment"), self.anna.partner_id))
        # The unknown sender gave the address of a customer: the customer's name is not told.
        self.unassigned.email_from = self.bob.partner_id.email
        token = self.unassigned._portal_ensure_token()
        answer = self._post_message(self.unassigned, token=token)
        self.assertIn("result", answer)
        last = self._last(self.unassigned)
        self.assertFalse(last.author_id)
        self.assertEqual(last.email_from, self.bob.partner_id.email)
        self.assertNotIn("Bob Beta", json.dumps(answer))
        self.assertNotIn("Bob Beta", json.dumps(self._fetch(self.unassigned, token=token)))
        for wrong in (None, "x", self.foreign_token):
            self._refused(self._post_message(self.mine, token=wrong))

    def test_former_employees_are_shown(self):
        self.employee.active = False
        self._login(self.anna)
        self.assertIn(self.answer.id, self._fetch(self.mine)["result"]["messages"])

    def test_pages_and_links(self):
        """The page of a complaint: for the family, and for whoever has its own link."""
        self._login(self.anna)
        page = self._page(self.mine.access_url)
        for told in ("Lamp is broken, in detail", self.employee.name, self.order.name):
            self.assertIn(told, page)
        for secret in ("inner", "77.0", "77,0", "critical", "Critical", "Bob"):
            self.assertNotIn(secret, page)
        self.assertNotIn("secret", self._page("/my/complaints"))
        for other in (self.foreign, self.sisters, self.privates, self.unassigned):
            for query in ("", f"?access_token={self.token}", "?access_token=", "?access_token=x"):
                response = self.url_open(f"/my/complaints/{other.id}{query}")
                self.assertNotIn("secret", response.text)
                self.assertTrue(response.url.endswith("/my"))
        self.assertNotIn("secret", self.url_open("/my/complaints/999999999").text)
        self.authenticate(None, None)
        self.assertIn("Lamp is broken", self._page(f"{self.mine.access_url}?access_token={self.token}"))
        for url in (
            self.mine.access_url, f"{self.mine.access_url}?access_token={self.foreign_token}",
            f"/my/orders/{self.order.id}?access_token={self.token}", "/my/complaints",
            f"/my/complaints?access_token={self.token}", f"/my/complaints/new?access_token={self.token}",
        ):
            response = self.url_open(url)
            self.assertIn("/web/login", response.url, url)
            self.assertNotIn("Lamp is broken", response.text, url)

    def test_link_is_void_when_the_contact_changes(self):
        """An unknown sender's link does not open what a customer is told after the contact is entered."""
        token = self.unassigned._portal_ensure_token()
        url = f"{self.unassigned.access_url}?access_token={token}"
        self.authenticate(None, None)
        self.assertIn("Stranger", self._page(url))
        self.unassigned.partner_id = self.bob.partner_id
        self.assertIn("/web/login", self.url_open(url).url)
        token = self.mine.access_token
        self.mine.partner_id = self.alex.partner_id
        self.assertEqual(self.mine.access_token, token, "the same family")

    def test_notification_link_opens_the_page(self):
        self._login(self.anna)
        response = self.url_open(f"/mail/view?model=customer.complaint&res_id={self.mine.id}")
        self.assertIn(self.mine.access_url, response.url)
        self.assertIn("Lamp is broken", response.text)

    def test_employee_sees_all(self):
        other = new_test_user(
            self.env, "portal_boss", groups="crm_customer_value.group_service_all",
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(
            set(self.inner.with_user(other).mapped("model")), {"customer.complaint"}, "the fix is for customers only"
        )
        self.assertTrue(self.note.create_date <= fields.Datetime.now() + timedelta(minutes=1))
