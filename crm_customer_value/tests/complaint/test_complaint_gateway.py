from odoo.tests import tagged
from odoo.tools import mute_logger

from ..complaint_mail_case import OWN_DOMAIN, ComplaintMailCase

GATEWAY = "odoo.addons.mail.models.mail_thread"
IMAGE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
BOUNCE = """\
Return-Path: <>
From: MAILER-DAEMON@mx.customer.example
To: bounce@{domain}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce.{number}@mx.customer.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain; charset=us-ascii

The e-mail could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; anna@customer.example
Action: failed
Status: 5.1.1

--part
Content-Type: message/rfc822

From: desk@{domain}
To: anna@customer.example
Subject: Original
Message-Id: {original}

Original text

--part--
"""


@tagged("post_install", "-at_install")
class TestComplaintGateway(ComplaintMailCase):
    def test_known_sender(self):
        sender = "Anna at Customer <Anna@Customer.example>"
        complaint = self._receive(self._mail(sender, "Screen   broken ", Cc="bert@customer.example"))
        self.assertEqual(len(complaint), 1)
        self.assertEqual(complaint.partner_id, self.anna)
        self.assertEqual(complaint.commercial_partner_id, self.customer)
        self.assertEqual(complaint.name, "Screen broken")
        self.assertEqual(complaint.email_from, "anna@customer.example")
        self.assertEqual(complaint.email_cc, "bert@customer.example")
        self.assertEqual(
            (complaint.team_id, complaint.company_id, complaint.channel_code, complaint.state),
            (self.team, self.company, "email", "received"),
        )
        self.assertIn("It broke.", complaint.description)
        message = complaint._emails_received()
        self.assertEqual(message.author_id, self.anna)
        self.assertIn("It broke.", message.body)
        self.assertEqual(self._sent(), [
            ('"Anna" <anna@customer.example>', f"We have received your complaint {complaint._proven_number()}"),
        ])

    def test_mail_without_a_team(self):
        """A mail server may make complaints of all it gets, and a program may say which one is answered."""
        mail = self._mail(to="office@elsewhere.example")
        with self.mock_mail_gateway():
            number = self.env["mail.thread"].message_process("customer.complaint", mail.as_bytes())
            self._end_request()
        complaint = self.complaints.browse(number)
        self.assertEqual((complaint.partner_id, complaint.channel_code), (self.anna, "email"))
        mail = self._mail(subject="Hurry up", to="office@elsewhere.example")
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process("customer.complaint", mail.as_bytes(), thread_id=number)
            self._end_request()
        self.assertEqual(len(complaint._emails_received()), 2)

    def test_several_contacts_of_one_address(self):
        """The customer's own company comes first, archived contacts last, those of other companies never."""
        other = self.env["res.company"].create({"name": "Other"})
        make = self.env["res.partner"].create
        make({"name": "Archived", "email": "x@many.example", "company_id": self.company.id, "active": False})
        shared = make({"name": "Shared", "email": "x@many.example"})
        make({"name": "Elsewhere", "email": "x@many.example", "company_id": other.id})
        self.assertEqual(self._receive(self._mail("x@many.example")).partner_id, shared)
        delivery = make({"name": "D", "email": "x@many.example", "company_id": self.company.id, "type": "delivery"})
        self.assertEqual(self._receive(self._mail("x@many.example")).partner_id, delivery)
        person = make({"name": "P", "email": "x@many.example", "company_id": self.company.id})
        self.assertEqual(self._receive(self._mail("x@many.example")).partner_id, person)

    def test_archived_contact_is_no_new_one(self):
        self.anna.active = False
        complaint = self._receive(self._mail())
        self.assertEqual(complaint.partner_id, self.anna)

    def test_unknown_sender_becomes_contact(self):
        complaint = self._receive(self._mail('"New, Nora" <nora@new.example>'))
        self.assertEqual(complaint.partner_id.name, "New, Nora")
        self.assertEqual(complaint.partner_id.email, "nora@new.example")
        self.assertEqual(complaint.partner_id.company_id, self.company)
        again = self._receive(self._mail("nora@new.example"))
        self.assertEqual(again.partner_id, complaint.partner_id)

    def test_unknown_sender_stays_unassigned(self):
        self.team.alias_unknown_sender = "unassigned"
        before = self.env["res.partner"].with_context(active_test=False).search_count([])
        complaint = self._receive(self._mail("Nora <nora@new.example>"))
        self.assertFalse(complaint.partner_id)
        self.assertEqual((complaint.partner_name, complaint.email_from), ("Nora", "nora@new.example"))
        self.assertFalse(complaint._emails_received().author_id)
        self.assertEqual(
            self._sent(), [("nora@new.example", f"We have received your complaint {complaint._proven_number()}")]
        )
        self.assertEqual(self.env["res.partner"].with_context(active_test=False).search_count([]), before)

    def test_contact_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "S", "email": "s@else.example", "company_id": other.id})
        complaint = self._receive(self._mail("s@else.example"))
        self.assertNotEqual(complaint.partner_id, stranger)
        self.assertEqual(complaint.partner_id.company_id, self.company)
        self.assertEqual(complaint._emails_received().author_id, complaint.partner_id)

    def test_staff_passes_on(self):
        complaint = self._receive(self._mail("agent@staff.example", "Fwd: broken"))
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint._emails_received().author_id, self.agent.partner_id)
        self.assertTrue(complaint._emails_received().subtype_id.internal)

    def test_empty_subject_and_body(self):
        complaint = self._receive(self._mail("Anna <anna@customer.example>", None, ""))
        self.assertEqual(complaint.name, "E-mail without subject from Anna")
        complaint = self._receive(self._mail(subject="   ", body=""))
        self.assertEqual(complaint.name, "E-mail without subject from anna@customer.example")

    def test_no_sender(self):
        """It is kept, nobody is mailed, and the team's leader is told."""
        for sender in (None, "", "not an address"):
            complaint = self._receive(self._mail(sender))
            self.assertEqual(len(complaint), 1)
            self.assertFalse(complaint.partner_id)
            self.assertEqual(self._sent(), [])
            self.assertEqual(self._activities(complaint), {"Tell Customer": self.leader})

    def test_scripts_are_dropped(self):
        mail = self._mail()
        mail.set_content(
            "<p>Broken</p><script>alert(1)</script><img src=x onerror=alert(2)>"
            "<a href='javascript:alert(3)'>x</a><iframe src='https://evil.example'></iframe>",
            subtype="html",
        )
        complaint = self._receive(mail)
        for html in (complaint.description, complaint._emails_received().body):
            self.assertIn("Broken", html)
            for evil in ("<script", "onerror", "javascript:", "<iframe"):
                self.assertNotIn(evil, html)

    def test_attachments_and_pictures(self):
        mail = self._mail()
        mail.set_content('<p>See <img src="cid:photo"/></p>', subtype="html")
        mail.add_related(IMAGE, "image", "png", cid="<photo>", filename="photo.png")
        mail.add_attachment(b"%PDF-1.4 bill", maintype="application", subtype="pdf", filename="bill.pdf")
        complaint = self._receive(mail)
        attachments = complaint._emails_received().attachment_ids
        self.assertEqual(sorted(attachments.mapped("name")), ["bill.pdf", "photo.png"])
        self.assertEqual(set(attachments.mapped("res_id")), {complaint.id})
        self.assertEqual(attachments.filtered(lambda file: file.name == "bill.pdf").raw, b"%PDF-1.4 bill")
        self.assertNotIn("cid:", complaint.description)
        self.assertIn("/web/image/", complaint.description)

    def test_huge_attachment(self):
        """What could not be uploaded by hand is left out, and named."""
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 1000)
        mail = self._mail()
        mail.add_attachment(b"x" * 1001, maintype="application", subtype="zip", filename="big.zip")
        mail.add_attachment(b"x" * 1000, maintype="application", subtype="zip", filename="fits.zip")
        complaint = self._receive(mail)
        message = complaint._emails_received()
        self.assertEqual(message.attachment_ids.mapped("name"), ["fits.zip"])
        self.assertIn("big.zip", message.body)
        self.assertIn("It broke.", message.body)

    def test_wrong_encodings(self):
        """Bytes that are not what the header says are no reason to lose a complaint."""
        head = (
            "From: anna@customer.example\r\nTo: desk@%s\r\nSubject: %s\r\nMessage-Id: <%s@e>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        latin = (head % (OWN_DOMAIN, "=?iso-8859-1?q?Gr=FC=DFe?=", "l1", "iso-8859-1")).encode()
        complaint = self._receive(latin + "Größe".encode("latin-1"))
        self.assertEqual(complaint.name, "Grüße")
        self.assertIn("Größe", complaint.description)
        for number, charset in enumerate(("utf-8", "x-no-such-charset", "us-ascii")):
            wrong = (head % (OWN_DOMAIN, "Wrong", f"w{number}", charset)).encode() + b"Gr\xf6\xdfe kaputt"
            with mute_logger(GATEWAY):
                complaint = self._receive(wrong)
            self.assertEqual(complaint.name, "Wrong")
            self.assertIn("kaputt", complaint.description)
            if charset.startswith("x-"):
                self.assertIn("Größe kaputt", complaint.description)
        raw_subject = (head % (OWN_DOMAIN, "XX", "r1", "utf-8")).encode().replace(b"XX", b"Gr\xf6\xdfe") + b"kaputt"
        complaint = self._receive(raw_subject)
        self.assertEqual(len(complaint), 1)
        self.assertTrue(complaint.name.startswith("Gr"))

    def test_several_teams(self):
        """One mail to two teams is one complaint, for the team named first; another company makes its own."""
        second = self._team("Second", "second")
        mail = self._mail(to=f"second@{OWN_DOMAIN}, desk@{OWN_DOMAIN}, friend@else.example")
        complaint = self._receive(mail)
        self.assertEqual(complaint.team_id, second)
        other = self.env["res.company"].create({"name": "Other", "alias_domain_id": self.domain.id})
        self.env.user.company_ids |= other
        third = self.env["customer.complaint.team"].create({
            "name": "Third", "alias_name": "third", "company_id": other.id,
        })
        complaints = self._receive(self._mail(to=f"desk@{OWN_DOMAIN}, third@{OWN_DOMAIN}"))
        self.assertEqual(complaints.team_id, self.team + third)
        self.assertEqual(complaints.company_id, self.company + other)

    def test_team_moves_to_another_company(self):
        other = self.env["res.company"].create({"name": "Other", "alias_domain_id": self.domain.id})
        self.env.user.company_ids |= other
        self.team.write({"company_id": other.id, "leader_id": False, "member_ids": [(5,)]})
        self.assertEqual(self._receive(self._mail()).company_id, other)

    def test_automatic_mails_are_ignored(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; x=y"},
            {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"subject": "Automatic reply: your message"},
            {"subject": "Out of Office: I am away"},
            {"subject": "Abwesenheitsnotiz"},
            {"sender": "MAILER-DAEMON@customer.example"},
            {"sender": "postmaster@customer.example"},
            {"sender": f"desk@{OWN_DOMAIN}"},
            {"sender": f"catchall@{OWN_DOMAIN}"},
            {"sender": f"notifications@{OWN_DOMAIN}"},
        ):
            with self.subTest(headers):
                self.assertFalse(self._receive(self._mail(**headers)))
                self.assertEqual(self._sent(), [])

    def test_people_are_heard(self):
        """What only looks like a program's mail makes a complaint."""
        for headers in (
            {"Auto_Submitted": "no"},
            {"X_Auto_Response_Suppress": "OOF"},
            {"subject": "Out of office chairs again"},
            {"subject": "Re: Automatic reply: your message"},
            {"Precedence": "first-class"},
        ):
            with self.subTest(headers):
                self.assertEqual(len(self._receive(self._mail(**headers))), 1)

    def test_automatic_answer_is_ignored(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        answer = self._reply(complaint, Auto_Submitted="auto-replied")
        before = complaint.message_ids
        self.assertFalse(self._receive(answer))
        self.assertEqual(complaint.message_ids, before)
        self.assertEqual(complaint.stage_id, self.stages["waiting"])

    def test_our_mails_ask_for_no_answer(self):
        self._receive(self._mail())
        (mail,) = self._mails_outside()
        sent = mail["headers"]
        self.assertEqual((sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]), ("auto-generated", "All"))
        self.assertIn(f"desk@{OWN_DOMAIN}", mail["reply_to"])

    def test_too_many_mails(self):
        """Beyond the threshold of the mail gateway a sender makes no complaints for a while."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.gateway.loop.minutes", 60)
        parameters.set_param("mail.gateway.loop.threshold", 3)
        made = [len(self._receive(self._mail())) for __ in range(5)]
        self.assertEqual(made, [1, 1, 1, 0, 0])
        self.assertEqual(len(self._receive(self._mail("bert@customer.example"))), 1)

    def test_same_mail_twice(self):
        mail = self._mail()
        self.assertEqual(len(self._receive(mail)), 1)
        self.assertFalse(self._receive(mail))

    def test_bounce(self):
        """A returned mail makes no complaint and no answer; the responsible person hears of it, once."""
        complaint = self._complaint(self.anna)
        sent = complaint.message_ids.filtered(lambda message: message.message_type == "auto_comment")
        stage = complaint.stage_id
        for number in range(2):
            bounce = BOUNCE.format(domain=OWN_DOMAIN, number=number, original=sent.message_id)
            self.assertFalse(self._receive(bounce.encode()))
            self.assertEqual(self._sent(), [])
        self.assertFalse(complaint._emails_received())
        self.assertEqual(complaint.stage_id, stage)
        self.assertEqual(sent.notification_ids.notification_status, "bounce")
        self.assertIn("could not be delivered", complaint.message_ids[0].body)
        self.assertEqual(self._activities(complaint), {"Tell Customer": self.agent})
