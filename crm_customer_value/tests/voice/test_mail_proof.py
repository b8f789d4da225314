"""What proves that a mail answers one of ours is told to its reader alone."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from freezegun import freeze_time

from odoo.tests import tagged

from ..complaint_mail_case import OWN_DOMAIN, ComplaintMailCase


@tagged("post_install", "-at_install")
class TestMailProof(ComplaintMailCase):
    def _sent_to(self, address):
        """Return the last e-mail just sent to an address."""
        return next(mail for mail in reversed(self._mails) if address in mail["email_to"][0])

    def _answer_to(self, sent, **values):
        """Return what a mail program makes of an answer to an e-mail as it was sent."""
        values = {"subject": f"Re: {sent['subject']}", **values}
        references = f"{sent['references'] or ''} {sent['message_id']}"
        return self._mail(In_Reply_To=sent["message_id"], References=references, **values)

    def _closed(self):
        """Return a closed complaint of Anna, whom the agent and the leader wrote to."""
        complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
        self._enter(complaint, "closed", self.agent)
        return complaint

    def test_what_employees_read_proves_nothing(self):
        """They read Message-Ids, subjects and their own copies; the customer's e-mail alone proves an answer."""
        complaint = self._closed()
        sent = self._sent_to("anna@customer.example")
        complaint.message_subscribe(self.leader.partner_id.ids)
        with self.mock_mail_gateway():
            complaint.with_user(self.agent).message_post(
                body="One more word.", subject=f"About {complaint.number}", message_type="comment",
                subtype_xmlid="mail.mt_comment", partner_ids=self.anna.ids,
            )
            self._end_request()
        copy, last = self._sent_to("leader@staff.example"), self._sent_to("anna@customer.example")
        messages = complaint.with_user(self.agent).message_ids
        secret = complaint._proven_number().rpartition("-")[2]
        self.assertIn(secret, sent["subject"])
        self.assertIn(secret, last["subject"])
        for text in (*messages.mapped("subject"), *messages.mapped("body"), copy["subject"], copy["body"]):
            self.assertNotIn(secret, text or "")
        known = [self._answer_to(copy, subject=copy["subject"])]
        known += [
            self._mail(subject=message.subject or "Re:", In_Reply_To=message.message_id, References=message.message_id)
            for message in messages if message.message_id
        ]
        self.assertGreater(len(known), 2)
        for mail in known:
            self._receive(mail)
            self.assertEqual((complaint.state, complaint.reopen_count), ("closed", 0))
        self.assertFalse(complaint._emails_received().author_id)
        self.assertEqual(set(complaint._emails_received().mapped("subtype_id.internal")), {True})
        # Each of the two proves the answer.
        for values in ({"subject": "Re: still broken"}, {"References": "<another@one.example>"}):
            self._receive(self._mail(**{
                "In_Reply_To": sent["message_id"], "References": sent["references"], "subject": sent["subject"],
                "body": "It is still broken.", **values,
            }))
            self.assertEqual(complaint._emails_received().sorted("id")[-1].author_id, self.anna, values)
        self.assertEqual((complaint.state, complaint.reopen_count), ("handling", 1))

    def test_participants_answer_as_themselves(self):
        """Who takes part got e-mails too, and answers by them; not as the customer."""
        complaint = self._complaint(self.anna)
        carl = self.env["res.partner"].create({"name": "Carl", "email": "carl@friend.example"})
        complaint.message_subscribe((carl | self.anna).ids)
        with self.mock_mail_gateway():
            complaint.message_post(
                body="To both of you", subject=f"About {complaint.number}", message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            self._end_request()
        sent = self._sent_to("carl@friend.example")
        self.assertEqual(sent["subject"], f"About {complaint.number}")
        self._receive(self._answer_to(sent, sender="anna@customer.example"))
        self.assertFalse(complaint._emails_received().author_id)
        self._receive(self._answer_to(sent, sender="carl@friend.example"))
        self.assertEqual(complaint._emails_received().author_id, carl)
        # Whoever of the family answers what Anna got.
        answer = self._answer_to(self._sent_to("anna@customer.example"), sender="bert@customer.example")
        self._receive(answer)
        self.assertEqual(complaint._emails_received().author_id, carl | self.bert)

    def test_the_contact_of_an_unknown_sender_is_found_later(self):
        self.team.alias_unknown_sender = "unassigned"
        complaint = self._receive(self._mail("nora@new.example"))
        receipt = self._sent_to("nora@new.example")
        complaint.partner_id = self.env["res.partner"].create({"name": "Nora", "email": "nora@new.example"})
        self._receive(self._answer_to(receipt, sender="nora@new.example", subject="Without a number"))
        self.assertEqual(complaint._emails_received().author_id, complaint.partner_id)

    def test_the_customer_before_proves_nothing(self):
        """A complaint and a suggestion turn out to be another customer's."""
        other = self.env["res.partner"].create({"name": "Dora", "email": "dora@other.example"})
        idea = self.env["customer.suggestion"].create({
            "name": "Idea", "partner_id": self.anna.id, "company_id": self.company.id,
        })
        for thread in self._complaint(self.anna), idea:
            with self.mock_mail_gateway():
                thread.message_post(
                    body="Thank you", message_type="comment", subtype_xmlid="mail.mt_comment",
                    partner_ids=self.anna.ids,
                )
                self._end_request()
            sent = self._sent_to("anna@customer.example")
            self._receive(self._answer_to(sent, subject="Re: mine", to=f"catchall@{OWN_DOMAIN}"))
            mine = thread.message_ids.filtered(lambda message: message.message_type == "email")
            self.assertEqual(mine.author_id, self.anna)
            thread.partner_id = other
            for sender in ("anna@customer.example", "dora@other.example"):
                self._receive(self._answer_to(sent, sender=sender, subject="Re: more", to=f"catchall@{OWN_DOMAIN}"))
            received = thread.message_ids.filtered(lambda message: message.message_type == "email") - mine
            self.assertEqual(len(received), 2)
            self.assertEqual(set(received.mapped("subtype_id.internal")), {True})

    def test_quoted_secrets_are_left_out(self):
        """A customer who answers quotes our subject, in the subject and in the text."""
        complaint = self._complaint(self.anna)
        number = complaint._proven_number()
        self._receive(self._reply(
            complaint, subject=f"Re: {number} Broken", body=f"No.\n> Subject: {number.lower()} Broken\n> {number}."
        ))
        message = complaint._emails_received()
        self.assertEqual(message.subject, f"Re: {complaint.number} Broken")
        self.assertIn(f"{complaint.number} broken".lower(), message.body.lower())
        self.assertNotIn(number.lower(), message.body.lower())
        self._receive(self._reply(
            complaint, subject=f"Out of office: {number}", body=number, Auto_Submitted="auto-replied"
        ))
        held = self.env["customer.complaint.held.mail"].search([], limit=1)
        self.assertEqual((held.subject, held.text.strip()), (f"Out of office: {complaint.number}", complaint.number))
        # Nothing else that looks alike is touched.
        self.assertEqual(self.complaints._without_secrets("AB-1-0123456789 x"), "AB-1-0123456789 x")

    def test_original_e_mail_holds_no_key(self):
        """A mail server that keeps originals keeps neither links nor proofs, however they are written."""
        complaint = self._complaint(self.anna)
        token = complaint._portal_ensure_token()
        link = f"{complaint.get_base_url()}{complaint.access_url}?access_token={token}"
        sent = self._sent_to("anna@customer.example")
        secrets = (token, complaint._proven_number(), complaint._reply_mark("anna@customer.example")[1:-1])
        passed_on = EmailMessage()
        passed_on["Subject"] = sent["subject"]
        passed_on.set_content(f"Häuser\n{link}\n", cte="base64")
        mail = self._answer_to(sent, body=f"No.\n> {link}")
        mail["Thread-Topic"] = sent["subject"]
        mail.set_content(f"No, schön ist es nicht.\n> {link}\n", cte="quoted-printable")
        quoted = f'<p>Nö</p><blockquote><a href="{link}">See</a></blockquote>'
        mail.add_alternative(quoted, subtype="html", cte="base64")
        mail.add_attachment(passed_on, filename="ours.eml")
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="photo.pdf")
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail.as_bytes(), save_original=True)
        files = complaint._emails_received().attachment_ids
        # Odoo keeps the text of what is passed on as a file of its own.
        self.assertEqual(set(files.mapped("name")), {"original_email.eml", "ours.eml", "attachment", "photo.pdf"})
        text = files.filtered(lambda file: file.name == "attachment").raw.decode()
        self.assertIn(complaint.access_url, text)
        self.assertNotIn(token, text)
        for file in files.filtered(lambda file: file.name.endswith(".eml")):
            kept = BytesParser(policy=policy.default).parsebytes(file.raw)
            texts = [str(value) for part in kept.walk() for value in part.values()]
            texts += [part.get_content() for part in kept.walk() if part.get_content_maintype() == "text"]
            for secret in secrets:
                self.assertNotIn(secret, "\n".join(texts))
            self.assertIn(complaint.access_url, "\n".join(texts))
            self.assertIn(complaint.number, kept["Subject"])
        plain = self._mail()
        with self.mock_mail_gateway():
            number = self.env["mail.thread"].message_process(None, plain.as_bytes(), save_original=True)
        kept = self.complaints.browse(number)._emails_received().attachment_ids
        self.assertEqual(kept.raw.replace(b"\r\n", b"\n"), plain.as_bytes(), "what holds no key is kept as it came")

    def test_nobody_of_the_customer_before_is_suggested(self):
        """A complaint turns out to be another customer's: neither who wrote nor who was written to is proposed."""
        other = self.env["res.partner"].create({"name": "Dora", "email": "dora@other.example"})

        def suggested(complaint):
            recipients = complaint.with_user(self.agent)._message_get_suggested_recipients(
                reply_discussion=True, no_create=True
            )
            return {recipient["email"] for recipient in recipients}

        with freeze_time("2026-03-02 09:00:00"):
            written, told = self._complaint(self.anna), self._complaint(self.anna)
            self._receive(self._reply(written, sender="bert@customer.example"))
            told.message_post(
                body="Dear both", message_type="comment", subtype_xmlid="mail.mt_comment",
                partner_ids=(self.anna | self.bert).ids,
            )
        with freeze_time("2026-03-02 10:00:00"):
            for complaint in written, told:
                self.assertIn("bert@customer.example", suggested(complaint))
                complaint.partner_id = other
                self.assertEqual(suggested(complaint), {"dora@other.example"})
        with freeze_time("2026-03-02 11:00:00"):
            helper = self.env["res.partner"].create({"name": "Repairer", "email": "repair@help.example"})
            told.message_post(
                body="Please repair it", message_type="comment", subtype_xmlid="mail.mt_comment",
                partner_ids=helper.ids,
            )
            self.assertIn("repair@help.example", suggested(told))
