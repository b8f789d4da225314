"""E-mails and calls that pretend to be what they are not."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..complaint_mail_case import OWN_DOMAIN, ComplaintMailCase

LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class TestMailAttacks(ComplaintMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.employee = new_test_user(cls.env, "attack_employee", "base.group_user", **company)
        cls.portal = new_test_user(
            cls.env, "attack_portal", "base.group_portal", partner_id=cls.bert.id, email=cls.bert.email, **company
        )

    def _process(self, user, mail, model=False, values=None, **kwargs):
        """Call the gateway by RPC, as ``user``; say whether it refused."""
        gateway = self.env["mail.thread"].with_user(user).with_context(allowed_company_ids=self.company.ids)
        try:
            with mute_logger(*LOGGERS), self.mock_mail_gateway(), self.env.cr.savepoint():
                gateway.message_process(model, mail.as_bytes(), values, **kwargs)
                self._end_request()
        except AccessError:
            return True
        return False

    def _counts(self):
        names = ("complaint", "suggestion", "complaint.team", "complaint.held.mail")
        counts = {
            name: self.env[f"customer.{name}"].with_context(active_test=False).search_count([]) for name in names
        }
        counts["messages"] = self.env["mail.message"].search_count([("message_type", "=", "email")])
        return counts

    # H2: the gateway called by hand

    def test_gateway_called_by_employees(self):
        complaint = self._complaint(self.anna)
        idea = self.env["customer.suggestion"].create({"name": "Idea", "partner_id": self.anna.id})
        before, stage = self._counts(), complaint.stage_id
        elsewhere = "office@elsewhere.example"
        for user in (self.employee, self.portal):
            for model, values in (
                ("customer.complaint", {"number": "X1", "access_token": "mine", "compensation": 1000}),
                ("customer.suggestion", {"number": "X1", "is_public": True}),
                ("customer.complaint.team", {"name": "Mine", "leader_id": user.id}),
            ):
                self.assertTrue(self._process(user, self._mail(to=elsewhere), model, values))
            self.assertTrue(self._process(user, self._mail()))
            self.assertTrue(self._process(user, self._mail(Auto_Submitted="auto-replied")))
            self.assertTrue(self._process(user, self._reply(complaint)))
            self.assertTrue(self._process(user, self._mail(to=elsewhere), complaint._name, thread_id=complaint.id))
            self.assertTrue(self._process(user, self._mail(to=elsewhere), idea._name, thread_id=idea.id))
        self.assertEqual(self._counts(), before)
        self.assertEqual(complaint.stage_id, stage)

    def test_gateway_called_by_an_agent(self):
        """Who may make complaints makes them; what else is said of them counts for nothing, and nobody else speaks."""
        other = self.env["res.company"].create({"name": "Other"})
        values = {"number": "X1", "access_token": "mine", "compensation": 1000, "company_id": other.id}
        last = self.complaints.search([], order="id desc", limit=1).id
        self.assertFalse(self._process(self.agent, self._mail(to="o@elsewhere.example"), "customer.complaint", values))
        complaint = self.complaints.search([("id", ">", last)])
        self.assertEqual((complaint.partner_id, complaint.company_id), (self.anna, self.company))
        self.assertEqual(complaint.compensation, 0)
        self.assertNotEqual((complaint.number, complaint.access_token), ("X1", "mine"))
        self.assertEqual(complaint._emails_received().author_id, self.agent.partner_id)
        self.assertTrue(complaint._emails_received().subtype_id.internal)
        mine = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        self.assertFalse(self._process(self.agent, self._reply(mine)))
        self.assertEqual(mine._emails_received().author_id, self.agent.partner_id)
        self.assertTrue(mine._emails_received().subtype_id.internal)
        self.assertEqual(mine.stage_id, self.stages["waiting"])
        team = self.env["customer.complaint.team"].create({
            "name": "Elsewhere", "alias_name": "elsewhere", "company_id": other.id,
        })
        self.assertTrue(self._process(self.agent, self._mail(to=f"elsewhere@{OWN_DOMAIN}")), team.alias_full_name)

    def test_new_and_update_called_by_an_agent(self):
        values = {"email_from": "anna@customer.example", "subject": "X", "body": "It broke", "cc": "", "recipients": ""}
        with self.assertRaises(AccessError):
            self.complaints.with_user(self.agent).message_new(
                dict(values), {"access_token": "mine", "number": "X1", "previous_id": self._complaint(self.bert).id}
            )
        closed = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
        self._enter(closed, "closed")
        agent = closed.with_user(self.agent).with_context(
            customer_mail={"only_sender": True, "unanswered_because": None, "handed_over_by": False}
        )
        agent.message_update({**values, "references": closed.message_ids[0].message_id})
        self.assertEqual(closed.state, "closed")

    def test_administrators_fetch_mails(self):
        """The program that fetches e-mails may use the account of an administrator."""
        admin = new_test_user(
            self.env, "attack_admin", "base.group_system", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        last = self.complaints.search([], order="id desc", limit=1).id
        self.assertFalse(self._process(admin, self._mail()))
        complaint = self.complaints.search([("id", ">", last)])
        self.assertEqual((complaint.partner_id, complaint._emails_received().author_id), (self.anna, self.anna))

    # H3: who writes

    def test_two_addresses_in_from(self):
        """The name of the sender is the customer's address, the address is somebody else's."""
        complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
        self._enter(complaint, "closed")
        for sender in (
            "anna@customer.example <eve@evil.example>",
            '"anna@customer.example" <eve@evil.example>',
            "Anna <anna@customer.example>, eve@evil.example",
            "eve@evil.example, anna@customer.example",
            "anna@customer.example (eve@evil.example)",
        ):
            for headers in ({"subject": f"Re: {complaint.number}"}, {"reply": True}):
                with self.subTest(sender=sender, **headers):
                    subject = headers.get("subject", "Re: broken")
                    make = (lambda **kwargs: self._reply(complaint, **kwargs)) if headers.get("reply") else self._mail
                    raw = make(subject=subject, body="Open it again.", Cc="mallory@evil.example").as_bytes()
                    raw = raw.replace(b"From: anna@customer.example", f"From: {sender}".encode())
                    made = self._receive(raw)
                    self.assertEqual((complaint.state, complaint.reopen_count), ("closed", 0))
                    self.assertFalse(complaint.email_cc)
                    self.assertFalse(complaint._emails_received().author_id)
                    if "<eve@evil" in sender:
                        self.assertNotIn(self.anna, made.partner_id)

    def test_known_message_of_somebody_else(self):
        """Who was in copy of the customer's own e-mail knows its Message-Id, and none of ours."""
        complaint = self._receive(self._mail(Cc="eve@evil.example"))
        complaint.user_id = self.agent
        first = complaint._emails_received()
        self._enter(complaint, "closed")
        self._receive(self._mail(In_Reply_To=first.message_id, Cc="eve@evil.example", body="Open it again."))
        note = complaint._emails_received() - first
        self.assertEqual((complaint.state, note.subtype_id), ("closed", self.env.ref("mail.mt_note")))
        self.assertFalse(note.author_id)
        self.assertIn("Anybody can fake an address", note.body)
        self.assertEqual(self._activities(complaint), {"Customer Wrote": self.agent})

    def test_copies_of_unproven_mails(self):
        """The attacker is in copy of an e-mail in the name of the customer: no answer of ours goes there."""
        complaint = self._receive(self._mail(Cc="eve@evil.example, Bert <bert@customer.example>"))
        self.assertEqual(complaint.email_cc, '"Bert" <bert@customer.example>')
        self.assertIn("eve@evil.example", "".join(complaint.message_ids.mapped("body")))
        self.assertNotIn("eve", complaint._emails_received().incoming_email_cc or "")
        suggested = complaint._message_get_suggested_recipients(reply_discussion=True, no_create=True)
        self.assertNotIn("eve@evil.example", [recipient["email"] for recipient in suggested])
        self._receive(self._mail(subject=f"Re: {complaint.number}", Cc="mallory@evil.example"))
        self._receive(self._reply(complaint, Cc="carl@friend.example"))
        self.assertIn("carl@friend.example", complaint.email_cc, "what answers our e-mail is the customer's")
        self.assertNotIn("mallory", complaint.email_cc)

    def test_secret_of_another_number(self):
        first, second = self._complaint(self.anna), self._complaint(self.anna)
        secret = first._proven_number().rpartition("-")[2]
        self._receive(self._mail(subject=f"Re: {second.number}-{secret}"))
        self.assertTrue(second._emails_received().subtype_id.internal)
        self.assertRegex(first._proven_number(), rf"^{first.number}-[0-9A-F]{{10}}$")

    def test_suggestions_hear_strangers_in_notes(self):
        idea = self.env["customer.suggestion"].create({"name": "Idea", "partner_id": self.anna.id})
        told = idea.message_post(body="Thank you.", message_type="comment", subtype_xmlid="mail.mt_comment")
        for sender, internal in (("anna@customer.example", False), ("eve@evil.example", True)):
            self._receive(self._answer(told, sender, Cc="mallory@evil.example", to="x@y.example"))
            message = idea.message_ids.sorted("id")[-1:]
            self.assertEqual(message.subtype_id.internal, internal, sender)
            self.assertEqual("mallory" in (idea.email_cc or ""), not internal)
            idea.email_cc = False

    # M2: HTML from outside

    def _html_mail(self, html, **headers):
        mail = self._mail(**headers)
        mail.set_content(html, subtype="html")
        return mail

    def test_html_stays_in_its_place(self):
        html = (
            '<div id="wrapwrap" class="position-fixed vw-100 vh-100 top-0" style="position:fixed;top:0;color:red;'
            'margin-top:-900px;background-image:url(https://evil.example/b.png);z-index:9999">Broken</div>'
            '<img src="https://evil.example/pixel.gif" width="1" height="1">'
            '<img src="https://evil.example/photo.png" alt="A photo">'
            '<a href="https://good.example/page"><img src="//evil.example/c.png"></a>'
            '<table background="https://evil.example/t.png"><tr><td>Cell</td></tr></table>'
            '<img src="/web/session/logout"><video src="https://evil.example/v.mp4"></video>'
        )
        complaint = self._receive(self._html_mail(html))
        reply = self._reply(complaint)
        reply.set_content(html, subtype="html")
        self._receive(reply)
        bodies = [complaint.description, *complaint._emails_received().mapped("body")]
        self.assertEqual(len(bodies), 3)
        for body in bodies:
            self.assertIn("Broken", body)
            self.assertIn("color:red", body)
            self.assertIn('href="https://evil.example/photo.png"', body)
            self.assertIn("A photo", body)
            for evil in ("position", "z-index", "url(", "<img", "background=", "wrapwrap", "vh-100", "pixel", "logout"):
                self.assertNotIn(evil, body)
            self.assertNotIn("src=", body)

    def test_html_written_by_anybody(self):
        evil = '<p class="position-fixed" style="position:fixed;color:red">Over all</p>'
        complaint = self._complaint(self.anna, description=evil)
        idea = self.env["customer.suggestion"].create({"name": "I", "description": evil, "partner_id": self.anna.id})
        for record in complaint, idea:
            self.assertIn("color:red", record.description)
            self.assertNotIn("position", record.description)

    def test_copies_are_plain(self):
        html = '<p style="color:red">Make it <b>blue</b></p><a href="https://evil.example">x</a>'
        complaint = self._receive(self._html_mail(html))
        copied = complaint._suggestion_values()["description"]
        self.assertIn("blue", copied)
        for tag in ("style", "href", "<b>"):
            self.assertNotIn(tag, copied)

    # L7: line breaks

    def test_line_breaks(self):
        raw = self._mail(subject="SUBJECT").as_bytes()
        raw = raw.replace(b"SUBJECT", b"=?utf-8?q?Broken=0D=0ABcc:_eve=40evil.example?=")
        raw = raw.replace(b"From: anna@customer.example", b"From: =?utf-8?q?Nora=0ANew?= <nora@new.example>")
        complaint = self._receive(raw)
        self.assertEqual(complaint.name, "Broken Bcc: eve@evil.example")
        self.assertEqual((complaint.partner_name, complaint.partner_id.name), ("Nora New", "Nora New"))
        self.assertEqual(len(self._sent()), 1)
        complaint = self._complaint(
            name="A\r\nB\u2028C\u202eD", partner_name="Eve\nBcc: x@evil.example", email_from="eve@new.example\n"
        )
        self.assertEqual(complaint.name, "A B C D")
        self.assertEqual((complaint.partner_name, complaint.email_from), ("Eve Bcc: x@evil.example", "eve@new.example"))
        idea = self.env["customer.suggestion"].create({"name": "One\nTwo", "partner_id": self.anna.id})
        idea.name = "Three\tFour"
        self.assertEqual(idea.name, "Three Four")
        with self.mock_mail_gateway():
            message = complaint._post_by_customer("Hello", attachments=[("a\r\nb.txt", b"text")])
            self._end_request()
        self.assertEqual(message.attachment_ids.name, "a b.txt")
        self.assertNotIn("\n", complaint.message_ids[0].email_from)

    # What was held back

    def _hold(self, complaint, **values):
        """Receive an absence note that answers a complaint; return it as the agent sees it."""
        values = {"subject": "Out of office", "body": "Back on Monday", "Auto_Submitted": "auto-replied", **values}
        self._receive(self._reply(complaint, **values))
        held = self.env["customer.complaint.held.mail"].search([("complaint_id", "=", complaint.id)])
        return held.with_user(self.agent).with_context(allowed_company_ids=self.company.ids)

    def test_keys_in_held_mails(self):
        """An absence note quotes our e-mail, whose link speaks as the customer: employees do not get it."""
        idea = self.env["customer.suggestion"].create({
            "name": "Idea", "partner_id": self.anna.id, "company_id": self.company.id,
        })
        complaint, another = self._complaint(self.anna), self._complaint(self.anna)
        threads = (complaint, another, idea)
        keys = [thread._portal_ensure_token() for thread in threads] + [complaint._rating_get_access_token()]
        links = [f"{thread.get_base_url()}{thread.access_url}?access_token={thread.access_token}" for thread in threads]
        links += [f"{complaint.get_base_url()}/rate/{keys[-1]}/5", f"https://safe.example/?u={keys[0]}"]
        held = self._hold(complaint, body="Back on Monday\n> " + "\n> ".join(links))
        self.assertIn("Back on Monday", held.text)
        self.assertIn(complaint.access_url, held.text)
        for key in keys:
            self.assertNotIn(key, held.text)
        with self.assertRaises(AccessError):
            held.read(["source"])
        self.assertNotIn("source", held.read()[0])
        with self.mock_mail_gateway():
            held.action_take()
        self.assertFalse(held.exists())

    def test_taking_a_held_mail_sets_nothing(self):
        """Neither the context of who takes it nor their own defaults are written, as superuser, into a complaint."""
        self._receive(self._mail("carl@other.example", subject="Out of office", Auto_Submitted="auto-replied"))
        held = self.env["customer.complaint.held.mail"].search([], limit=1)
        self.env["ir.default"].with_user(self.agent).set("customer.complaint", "access_token", "mine", user_id=True)
        context = {
            "allowed_company_ids": self.company.ids, "default_number": "X1", "default_amount_at_stake": 1000.0,
            "default_root_cause": "set", "default_portal_key": "mine",
        }
        with self.mock_mail_gateway():
            action = held.with_user(self.agent).with_context(**context).action_take()
        complaint = self.env["customer.complaint"].browse(action["res_id"])
        self.assertEqual(complaint.email_from, "carl@other.example")
        self.assertNotEqual(complaint.number, "X1")
        self.assertNotEqual(complaint.access_token, "mine")
        self.assertFalse(complaint.amount_at_stake or complaint.root_cause or complaint.portal_key)

    def test_copies_of_the_customer_before(self):
        """A complaint turns out to be another customer's: who was in copy for the first one hears no more of it."""
        other = self.env["res.partner"].create({"name": "Other Ltd", "email": "dora@other.example"})
        complaint = self._complaint(self.anna)
        self._receive(self._reply(complaint, Cc="carl@friend.example, dora@other.example"))
        self.assertIn("carl@friend.example", complaint.email_cc)
        complaint.partner_id = self.bert
        self.assertIn("carl@friend.example", complaint.email_cc, "of the same family")
        complaint.partner_id = other
        self.assertEqual(complaint.email_cc, "dora@other.example")
