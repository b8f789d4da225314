"""Whose word an e-mail is: a person's makes a complaint, whatever way it came; a program's is held back visibly."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..complaint_mail_case import OWN_DOMAIN, ComplaintMailCase

LIST = "list@groups.example"


@tagged("post_install", "-at_install")
class TestComplaintMailPeople(ComplaintMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls.env["customer.complaint.held.mail"]

    def _hold(self, mail):
        """Receive a mail that makes no complaint; return what was held back."""
        before = self.held.search([])
        self.assertFalse(self._receive(mail))
        self.assertEqual(self._sent(), [])
        return self.held.search([]) - before

    def test_people_who_get_no_automatic_answer(self):
        for headers in (
            {"Precedence": "list"},
            {"Precedence": "bulk"},
            {"Precedence": "junk"},
            {"List_Id": f"Desk <desk.{OWN_DOMAIN}>"},
            {"List_Id": "<list.groups.example>", "List_Post": f"<mailto:{LIST}>", "Reply_To": LIST},
            {"Mailing_List": f"list {LIST}; contact {LIST}"},
            {"X_Auto_Response_Suppress": "All"},
            {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        ):
            with self.subTest(headers):
                complaint = self._receive(self._mail(**headers))
                self.assertEqual((complaint.partner_id, complaint.state), (self.anna, "received"))
                self.assertEqual(self._sent(), [])
                self.assertIn("No automatic reply was sent", "".join(complaint.message_ids.mapped("body")))
        self.assertFalse(self.held.search([]))

    def test_what_forbids_only_absence_notes(self):
        complaint = self._receive(self._mail(X_Auto_Response_Suppress="OOF, DR"))
        self.assertEqual(len(complaint), 1)
        self.assertEqual(len(self._sent()), 1)

    def test_next_mail_of_the_complaint_is_sent(self):
        """Only what would answer the list at once is held back."""
        complaint = self._receive(self._mail(Precedence="list"))
        self.assertEqual(len(self._enter(complaint, "acknowledged", self.leader)), 1)

    def test_from_is_rewritten(self):
        desk = f"desk@{OWN_DOMAIN}"
        for headers, name in (
            ({"sender": f'"Jane Doe via Desk" <{desk}>', "Reply_To": "jane@new.example"}, "Jane Doe"),
            ({"sender": f"\"'Jane Doe' via Desk\" <{desk}>", "Reply_To": f"{desk}, Jane <jane@new.example>"}, "Jane"),
            ({"sender": f"Desk <{desk}>", "X_Original_From": "Jane Doe <jane@new.example>"}, "Jane Doe"),
            (
                {
                    "sender": f"Jane Doe via L <{LIST}>", "List_Id": "<list.groups.example>", "Reply_To": LIST,
                    "X_Original_From": "jane@new.example",
                },
                "Jane Doe",
            ),
            (
                {"sender": f"Jane via L <{LIST}>", "List_Post": f"<mailto:{LIST}>", "Reply_To": "jane@new.example"},
                "Jane",
            ),
        ):
            with self.subTest(headers):
                self.env["res.partner"].search([("email_normalized", "=", "jane@new.example")]).email = False
                complaint = self._receive(self._mail(**headers))
                self.assertEqual(complaint.email_from, "jane@new.example")
                self.assertEqual(complaint.partner_id.name, name)
                self.assertEqual(complaint._emails_received().author_id, complaint.partner_id)
                self.assertFalse(complaint._emails_received().subtype_id.internal)

    def test_known_customer_through_our_own_address(self):
        complaint = self._receive(self._mail(f"Anna via Desk <desk@{OWN_DOMAIN}>", Reply_To="anna@customer.example"))
        self.assertEqual(complaint.partner_id, self.anna)
        self.assertEqual([address for address, __ in self._sent()], ['"Anna" <anna@customer.example>'])

    def test_forms(self):
        for sender, headers in (
            ("Shop <noreply@shop.example>", {"Auto_Submitted": "auto-generated"}),
            ("Shop <no-reply@shop.example>", {}),
            ("Shop <do_not_reply@shop.example>", {"Return_Path": "<>"}),
            (f"Website <wordpress@{OWN_DOMAIN}>", {}),
            (f"Website <notifications@{OWN_DOMAIN}>", {"Auto_Submitted": "auto-generated"}),
            ("Forms <forms@shop.example>", {"Auto_Submitted": "auto-generated", "Precedence": "bulk"}),
        ):
            with self.subTest(sender=sender, **headers):
                mail = self._mail(sender, Reply_To="anna@customer.example", **headers)
                complaint = self._receive(mail)
                self.assertEqual(complaint.partner_id, self.anna)
                self.assertEqual(bool(self._sent()), not headers)

    def test_nobody_to_answer(self):
        """A program without anybody to answer to makes a complaint, since it may be a form; it gets no answer."""
        complaint = self._receive(self._mail("noreply@shop.example"))
        self.assertEqual(complaint.email_from, "noreply@shop.example")
        self.assertEqual(self._sent(), [])

    def test_staff_with_another_address_for_answers(self):
        self.agent.email = f"agent@{OWN_DOMAIN}"
        complaint = self._receive(self._mail(f"agent@{OWN_DOMAIN}", Reply_To="agent@home.example"))
        self.assertEqual(complaint._emails_received().author_id, self.agent.partner_id)
        self.assertFalse(complaint.partner_id)

    def test_held_back(self):
        desk = f"desk@{OWN_DOMAIN}"
        for reason, headers in (
            ("away", {"Auto_Submitted": "auto-replied"}),
            (
                "away",
                {"Auto_Submitted": "auto-replied", "Reply_To": "anna@customer.example", "sender": "noreply@x.example"},
            ),
            ("program", {"Auto_Submitted": "auto-notified"}),
            ("program", {"Auto_Submitted": "auto-generated"}),
            (
                "program",
                {"sender": "cron@x.example", "Auto_Submitted": "auto-generated", "Reply_To": "root@x.example"},
            ),
            # Receipts of other desks, whose answers would be answered again.
            (
                "program",
                {"sender": "Desk <noreply@tickets.example>", "Auto_Submitted": "auto-generated",
                 "Reply_To": "support+1@desk.example"},
            ),
            (
                "program",
                {"sender": "a@tickets.example", "Auto_Submitted": "auto-generated", "Reply_To": "b@desk.example",
                 "In_Reply_To": "<1@x.example>"},
            ),
            (
                "program",
                {"sender": "a@tickets.example", "Auto_Submitted": "auto-generated", "Reply_To": "b@desk.example",
                 "RT_Ticket": "desk #1"},
            ),
            ("away", {"X_Autoreply": "yes"}),
            ("away", {"X_Autorespond": "I am away"}),
            ("away", {"X_Autogenerated": "Reply"}),
            ("away", {"Precedence": "auto_reply"}),
            ("away", {"subject": "Automatische Antwort: Ihr Schreiben", "X_Auto_Response_Suppress": "All"}),
            ("away", {"subject": "Réponse automatique : votre message"}),
            ("away", {"subject": "Odpowiedź automatyczna: Skarga"}),
            ("away", {"subject": "Automatiskt svar: hej"}),
            ("away", {"subject": "Автоматический ответ: заказ"}),
            ("away", {"subject": "自動応答: 件名"}),
            ("bounce", {"Return_Path": "<>"}),
            ("bounce", {"sender": "postmaster@customer.example"}),
            ("own", {"sender": desk}),
            ("own", {"sender": f"Agent <notifications@{OWN_DOMAIN}>", "Reply_To": f"Desk <{desk}>"}),
            ("newsletter", {"List_Unsubscribe_Post": "List-Unsubscribe=One-Click", "Precedence": "bulk"}),
            ("newsletter", {"List_Unsubscribe": "<mailto:leave@news.example>", "Precedence": "bulk"}),
            ("newsletter", {"List_Unsubscribe": "<https://news.example/leave>", "Precedence": "Junk"}),
        ):
            with self.subTest(headers):
                held = self._hold(self._mail(**headers))
                self.assertEqual((held.reason, held.team_id, held.company_id), (reason, self.team, self.company))
                self.assertTrue(held.sign)
        self.assertEqual(self.team.held_mail_count, self.held.search_count([("team_id", "=", self.team.id)]))

    def test_forwarded_by_a_program(self):
        for headers in (
            {"X_Autogenerated": "Forward"},
            {"Auto_Submitted": "auto-forwarded"},
            {"X_MS_Exchange_Inbox_Rules_Loop": "anna@customer.example"},
        ):
            with self.subTest(headers):
                self.assertEqual(self._receive(self._mail(**headers)).partner_id, self.anna)

    def test_what_is_held_of_an_answer(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        held = self._hold(self._reply(complaint, subject="Away", body="Back on Monday", Auto_Submitted="auto-replied"))
        self.assertEqual((held.complaint_id, held.subject), (complaint, "Away"))
        self.assertEqual((held.email_from, held.text), ("anna@customer.example", "Back on Monday"))
        self.assertEqual(complaint.stage_id, self.stages["waiting"])

    def test_delivery_report_to_a_team(self):
        mail = (
            f"From: Mail <reports@mx.customer.example>\nTo: desk@{OWN_DOMAIN}\nSubject: Read: Broken\n"
            "Message-Id: <r1@x>\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=p\n\n"
            "--p\nContent-Type: text/plain\n\nIt was read.\n--p--\n"
        )
        held = self._hold(mail.encode())
        self.assertEqual((held.reason, held.team_id), ("bounce", self.team))
        self.assertEqual(held.sign, "multipart/report")
        mail = (
            f"From: Mailer <mailer-daemon@mx.customer.example>\nTo: desk@{OWN_DOMAIN}\nSubject: Returned\n"
            "Message-Id: <r2@x>\nContent-Type: text/plain\n\nNobody is there.\n"
        )
        self.assertIn("mailer-daemon@mx.customer.example", self._hold(mail.encode()).sign)

    def test_too_many_are_shown(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.gateway.loop.minutes", 60)
        parameters.set_param("mail.gateway.loop.threshold", 1)
        self._receive(self._mail())
        before = self.held.search([])
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.assertFalse(self._receive(self._mail()))
        self.assertEqual((self.held.search([]) - before).reason, "flood")

    def test_receipts_end(self):
        """A desk that answers each receipt by a new mail, and does not say so, gets five an hour."""
        sent = 0
        for __ in range(7):
            self._receive(self._mail("desk@other.example"))
            sent += len(self._sent())
        self.assertEqual(sent, 5)

    def test_kept_once_and_not_for_ever(self):
        mail = self._mail(Auto_Submitted="auto-replied")
        held = self._hold(mail)
        self.assertFalse(self._hold(mail), "the same mail fetched twice")
        held.date = fields.Datetime.now() - timedelta(days=31)
        self.held._gc_held_mails()
        self.assertFalse(held.exists())
        now = fields.Datetime.now()
        self.held.create([
            {
                "company_id": self.company.id, "team_id": self.team.id, "reason": "away", "message_id": f"<{number}@x>",
                "date": now - timedelta(minutes=number),
            }
            for number in range(1, 201)
        ])
        newest = self._hold(self._mail(Auto_Submitted="auto-replied"))
        left = self.held.search([("team_id", "=", self.team.id)])
        self.assertEqual(len(left), 200)
        self.assertIn(newest, left)
        self.assertNotIn("<200@x>", left.mapped("message_id"))

    def test_taking_what_was_held_back(self):
        mail = self._mail(subject="Out of office", body="The new office chair is broken.")
        held = self._hold(mail)
        with self.mock_mail_gateway():
            action = held.with_user(self.agent).action_take()
        complaint = self.complaints.browse(action["res_id"])
        self.assertEqual((complaint.name, complaint.partner_id), ("Out of office", self.anna))
        self.assertEqual(complaint.team_id, self.team)
        self.assertFalse(held.exists())
        waiting = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        held = self._hold(self._reply(waiting, Auto_Submitted="auto-replied", body="I sent the parts."))
        with self.mock_mail_gateway():
            held.with_user(self.agent).action_take()
        self.assertEqual(waiting.stage_id, self.stages["investigating"])

    def _held_twice(self):
        """Receive a mail to the teams of two companies; return what was held back for each."""
        other = self.env["res.company"].create({"name": "Other Company", "alias_domain_id": self.domain.id})
        self.env.user.company_ids |= other
        self._team("Other Desk", "other", company_id=other.id, leader_id=False, member_ids=False)
        mail = self._mail(
            to=f"desk@{OWN_DOMAIN}, other@{OWN_DOMAIN}", subject="Out of office", body="The new office chair is broken."
        )
        held = self._hold(mail)
        self.assertEqual(held.company_id, self.company | other)
        return held.sorted(lambda one: one.company_id != self.company)

    def test_taking_what_came_to_two_companies(self):
        """Each company takes it for itself: one complaint, and another one when the other company wants it too."""
        mine, others = self._held_twice()
        for held in mine, others:
            company, before = held.company_id, self.complaints.search([], order="id desc", limit=1).id
            with self.mock_mail_gateway():
                held.with_company(company).action_take()
            made = self.complaints.search([("id", ">", before)])
            self.assertEqual((len(made), made.company_id), (1, company))
            self.assertFalse(held.exists())
        self.assertFalse(mine.exists() or others.exists())

    def test_taking_what_came_to_two_teams_of_a_company(self):
        self._team("Second Desk", "second")
        mail = self._mail(to=f"desk@{OWN_DOMAIN}, second@{OWN_DOMAIN}", subject="Out of office", body="It broke.")
        held = self._hold(mail)
        self.assertEqual(len(held), 2)
        before = self.complaints.search_count([])
        with self.mock_mail_gateway():
            held[0].action_take()
        self.assertEqual(self.complaints.search_count([]), before + 1)
        self.assertFalse(held.exists())

    def test_taking_what_became_something_else_too(self):
        """What the sales team got long ago is not made again, and does not keep the desk from taking it."""
        self.env["mail.alias"].create({
            "alias_name": "newleads", "alias_domain_id": self.domain.id,
            "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
        })
        mail = self._mail(to=f"desk@{OWN_DOMAIN}, newleads@{OWN_DOMAIN}", subject="Out of office", body="It broke.")
        leads = self.env["crm.lead"].search_count([])
        held = self._hold(mail)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads + 1)
        with self.mock_mail_gateway():
            action = held.action_take()
        self.assertEqual(self.complaints.browse(action["res_id"]).partner_id, self.anna)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads + 1)

    def test_who_sees_what_was_held_back(self):
        held = self._hold(self._mail(Auto_Submitted="auto-replied"))
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        elsewhere = new_test_user(self.env, "held_other", "crm_customer_value.group_service_team", **company)
        everything = new_test_user(self.env, "held_all", "crm_customer_value.group_service_all", **company)
        plain = new_test_user(self.env, "held_plain", "base.group_user", **company)
        self.assertEqual(self.held.with_user(self.agent).search([("id", "=", held.id)]), held)
        self.assertEqual(self.held.with_user(everything).search([("id", "=", held.id)]), held)
        self.assertFalse(self.held.with_user(elsewhere).search([("id", "=", held.id)]))
        for user in (elsewhere, plain):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
                held.with_user(user).action_take()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            held.with_user(self.agent).write({"subject": "Else"})
