from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
SAID = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}


@tagged("post_install", "-at_install")
class TestPortalAuthors(PortalCase):
    """Nobody puts words into a customer's mouth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.email = "employee@staff.example"
        cls.company.email = "office@staff.example"
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Brighter lamps", "partner_id": cls.anna.partner_id.id, "company_id": cls.company.id,
            "user_id": cls.employee.id,
        })
        cls.threads = (cls.mine, cls.suggestion)
        cls.contact = cls.anna.partner_id
        cls.colleague = cls.env["res.users"].create({
            "name": "Colleague", "login": "portal_colleague", "email": "colleague@staff.example",
            "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
        })
        cls.forgeries = (
            {"author_id": cls.contact.id}, {"email_from": cls.contact.email_formatted},
            {"email_from": "anna.alpha@example.com"}, {"email_from": "who@ever.example"},
            {"author_id": False, "email_from": cls.contact.email}, {"author_id": cls.colleague.partner_id.id},
            {"author_id": cls.employee.partner_id.id, "email_from": cls.contact.email},
            {"author_id": False}, {"message_type": "email"}, {"message_type": "email_outgoing"},
            {"date": "2020-01-01 00:00:00"},
        )

    def _messages(self, thread):
        return self.env["mail.message"].search([("model", "=", thread._name), ("res_id", "=", thread.id)])

    @mute_logger(*NOISE)
    def test_posting_by_program(self):
        self._login(self.employee)
        for thread in self.threads:
            before = self._messages(thread)
            for forgery in self.forgeries:
                for method in ("message_post", "message_notify"):
                    if method == "message_notify" and "message_type" in forgery:
                        continue
                    extra = {"partner_ids": self.colleague.partner_id.ids} if method == "message_notify" else {}
                    self._refused(
                        self._call(thread._name, method, thread.ids, body="I am content", **extra, **forgery), forgery
                    )
                self._refused(self._call("mail.message", "create", {
                    "model": thread._name, "res_id": thread.id, "body": "I am content", **forgery,
                }), forgery)
                values = {"res_id": thread.id, "body": "x", **forgery}
                context = {"default_model": thread._name}
                self._refused(self._call("mail.message", "create", values, context=context), forgery)
            self._refused(self._call(
                thread._name, "message_post_with_source", thread.ids, "mail.message_origin_link",
                author_id=self.contact.id, render_values={"self": False, "origin": False},
            ))
            thread.invalidate_recordset()
            self.assertEqual(self._messages(thread), before)
            answer = self._call(thread._name, "message_post", thread.ids, body="We repair it", **SAID)
            message = self.env["mail.message"].browse(answer["result"])
            self.assertEqual(message.author_id, self.employee.partner_id)
            # In the name of the company, as the e-mails of stages are.
            self._call(thread._name, "message_post", thread.ids, body="We", email_from=self.company.email_formatted)
            self.assertIn(self.company.email, self._messages(thread)[0].email_from)

    @mute_logger(*NOISE)
    def test_posting_on_the_page(self):
        """Odoo posts as superuser there, whatever kind of message an employee asks for."""
        self._login(self.employee)
        for thread in self.threads:
            for kind in ("email", "email_outgoing", "auto_comment", "out_of_office"):
                self._rpc("/mail/message/post", thread_model=thread._name, thread_id=thread.id, post_data={
                    "body": "I am content", "message_type": kind, "subtype_xmlid": "mail.mt_comment",
                    "author_id": self.contact.id, "email_from": self.contact.email,
                })
                last = self._messages(thread)[0]
                self.assertEqual(last.author_id, self.employee.partner_id)
                self.assertIn(last.message_type, ("comment", "auto_comment"))

    @mute_logger(*NOISE)
    def test_composer(self):
        self._login(self.employee)
        for thread in self.threads:
            before = self._messages(thread)
            for mode in ("comment", "mass_mail"):
                for forgery in (
                    {"author_id": self.contact.id, "email_from": self.contact.email_formatted},
                    {"email_from": self.contact.email_formatted},
                ):
                    answer = self._call("mail.compose.message", "create", {
                        "model": thread._name, "res_ids": str(thread.ids), "composition_mode": mode,
                        "body": "I am content", "subject": "Content", **forgery,
                    })
                    self._refused(self._call("mail.compose.message", "action_send_mail", [answer["result"]]), mode)
            self.assertEqual(self._messages(thread), before)
            template = self.env["mail.template"].create({
                "name": "Forged", "model_id": self.env["ir.model"]._get_id(thread._name), "subject": "Content",
                "email_from": self.contact.email, "body_html": "I am content",
                "partner_to": str(self.colleague.partner_id.id),
            })
            self._refused(self._call("mail.template", "send_mail", template.ids, thread.id))
            template.email_from = False
            for values in (
                {"author_id": self.contact.id}, {"email_from": self.contact.email}, {"res_id": self.foreign.id},
                {"date": "2020-01-01 00:00:00"},
            ):
                self._refused(self._call(
                    "mail.template", "send_mail", template.ids, thread.id, email_values=values
                ), values)
            self._refused(self._call("mail.scheduled.message", "create", {
                "model": thread._name, "res_id": thread.id, "body": "I am content", "author_id": self.contact.id,
                "scheduled_date": Datetime.to_string(Datetime.add(Datetime.now(), days=1)),
            }))
            self.assertEqual(self._messages(thread), before)

    @mute_logger(*NOISE)
    def test_rewriting(self):
        """What was said, by whom and when, stays; one's own words may be corrected."""
        self._login(self.employee)
        for thread in self.threads:
            said = thread.message_post(body="It is broken", author_id=self.contact.id, **SAID)
            own = thread.with_user(self.employee).message_post(body="We are sorri", **SAID)
            for values in (
                {"body": "It works"}, {"subject": "It works"}, {"author_id": self.employee.partner_id.id},
                {"date": "2020-01-01 00:00:00"}, {"message_type": "notification"}, {"email_from": "who@ever.example"},
            ):
                self._refused(self._call("mail.message", "write", said.ids, values), values)
            for values in ({"author_id": self.contact.id}, {"date": "2020-01-01 00:00:00"}, {"message_type": "email"}):
                self._refused(self._call("mail.message", "write", own.ids, values), values)
            self.assertTrue(self._call("mail.message", "write", own.ids, {"body": "We are sorry"})["result"])
            said.invalidate_recordset()
            self.assertIn("It is broken", said.body)
            self.assertEqual(said.author_id, self.contact)

    @mute_logger(*NOISE)
    def test_customers_do_neither(self):
        """Nor do customers date their words back, or write them past the ways that look at them."""
        self._login(self.anna)
        for thread in self.threads:
            before = self._messages(thread)
            for values in ({}, {"date": "2020-01-01 00:00:00"}, {"message_type": "comment"}):
                self._refused(self._call("mail.message", "create", {
                    "model": thread._name, "res_id": thread.id, "body": "x",
                    "subtype_id": self.env.ref("mail.mt_comment").id, **values,
                }))
            self.assertEqual(self._messages(thread), before)
            own = self._call(thread._name, "message_post", thread.ids, body="It is brocken")["result"]
            for values in (
                {"date": "2020-01-01 00:00:00"}, {"message_type": "email"}, {"author_id": False}, {"subject": "x"},
                {"body": '<p class="position-fixed vw-100 vh-100">Over all</p>'},
            ):
                self._refused(self._call("mail.message", "write", [own], values), values)
            change = {"update_data": {"body": "It is broken"}}
            self.assertIn("result", self._rpc("/mail/message/update_content", message_id=own, **change))
            mailed = thread.message_post(
                body="By e-mail", author_id=self.contact.id, message_type="email", subtype_xmlid="mail.mt_comment",
            )
            self._refused(self._rpc("/mail/message/update_content", message_id=mailed.id, **change))
            self._login(self.anna)
            token = thread._portal_ensure_token()
            self.authenticate(None, None)
            for message in (own, mailed.id):
                self._refused(self._rpc("/mail/message/update_content", message_id=message, token=token, **change))
            self._login(self.anna)
            mailed.invalidate_recordset()
            self.assertIn("By e-mail", mailed.body)

    @mute_logger(*NOISE)
    @mute_logger(*NOISE)
    def test_what_customers_change_stays_in_its_place(self):
        """What they change a message into is as harmless as what they write at first."""
        evil = (
            '<div id="wrapwrap" class="position-fixed vw-100 vh-100" style="position:fixed;color:red">Over all</div>'
            '<img src="https://evil.example/photo.png" alt="A photo">'
        )
        self._login(self.anna)
        self._rpc(
            "/mail/message/post", thread_model=self.mine._name, thread_id=self.mine.id, post_data={"body": "Hello"}
        )
        message = self.mine.message_ids[0]
        self.assertEqual(message.author_id, self.anna.partner_id)
        answer = self._rpc("/mail/message/update_content", message_id=message.id, update_data={"body": evil})
        self.assertIn("result", answer)
        message.invalidate_recordset()
        self.assertIn("Over all", message.body)
        self.assertIn("color:red", message.body.replace(" ", ""))
        for gone in ("position", "vh-100", "wrapwrap", "<img"):
            self.assertNotIn(gone, message.body)

    @mute_logger(*NOISE)
    def test_ratings(self):
        """Neither a message nor a rating of something else hangs stars on what customers say."""
        said = self.mine.message_post(body="It is broken", author_id=self.contact.id, **SAID)
        other = self.env["rating.rating"].create({
            "res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": self.beta.id, "rating": 5,
        })
        self._login(self.employee)
        self._refused(self._call("rating.rating", "create", {
            "res_model_id": other.res_model_id.id, "res_id": self.beta.id, "rating": 5, "consumed": True,
            "message_id": said.id,
        }))
        self._refused(self._call("rating.rating", "write", other.ids, {"message_id": said.id}))
        self._refused(self._call("mail.message", "write", said.ids, {"rating_ids": [Command.link(other.id)]}))
        answer = self._call("customer.complaint", "message_post", self.mine.ids, body="Great", rating_value=5, **SAID)
        self.assertFalse(self.env["mail.message"].browse(answer["result"]).rating_ids)
        self.assertFalse(said.rating_ids)

    def test_the_system_may(self):
        """The mail gateway and the pages of the portal note what customers say as theirs."""
        message = self.mine.message_post(
            body="By e-mail", author_id=self.contact.id, message_type="email", subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(message.author_id, self.contact)
        with self.assertRaises(AccessError):
            self.mine.with_user(self.employee).message_post(body="By e-mail", author_id=self.contact.id)
