from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import users

from ..complaint_mail_case import OWN_DOMAIN, ComplaintMailCase


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.team.calendar_id = cls.env["resource.calendar"].create({"name": "Hours", "tz": "Europe/Paris"})

    def _body(self):
        (mail,) = self._mails_outside()
        return mail["body"]

    def test_every_stage_tells_once(self):
        """From receipt to closing; a stage without text says nothing, and staying says nothing again."""
        complaint = self._complaint(self.anna)
        number = complaint._proven_number()
        self.assertEqual(
            self._sent(), [('"Anna" <anna@customer.example>', f"We have received your complaint {number}")]
        )
        expected = {
            "acknowledged": f"We are working on your complaint {number}",
            "investigating": None,
            "waiting": None,
            "answered": f"Our answer to your complaint {number}",
            "closed": f"How did we handle your complaint {number}?",
        }
        for stage, subject in expected.items():
            sent = self._enter(complaint, stage, self.agent)
            self.assertEqual([subject for __, subject in sent], [subject] if subject else [], stage)
            self.assertEqual(self._enter(complaint, stage, self.agent), [], stage)

    def test_rejection_says_why(self):
        complaint = self._complaint(self.anna)
        with self.mock_mail_gateway():
            complaint.with_user(self.agent)._reject("The guarantee\nended <in> May.")
            self._end_request()
        subjects = [subject for __, subject in self._sent()]
        self.assertEqual(subjects, [f"About your complaint {complaint._proven_number()}"])
        self.assertIn("ended &lt;in&gt; May.", self._body())

    def test_sender_and_answers(self):
        self._complaint(self.anna)
        mail = self._mails_outside()[0]
        self.assertEqual(mail["email_from"], f'"Complaint Company" <desk@{OWN_DOMAIN}>')
        self.assertIn(f"<desk@{OWN_DOMAIN}>", mail["reply_to"])
        self.team.alias_name = False
        self._complaint(self.anna)
        self.assertEqual(self._mails_outside()[0]["email_from"], f'"Complaint Company" <office@{OWN_DOMAIN}>')

    def test_promises_in_the_zone_of_the_customer(self):
        """17:30 UTC is 18:30 in Paris, where the team is, and 12:30 in New York, where the customer is."""
        moment = datetime(2026, 12, 4, 17, 30)
        complaint = self._complaint(self.anna)
        complaint.acknowledge_deadline = complaint.resolve_deadline = moment
        (self.anna | self.anna.commercial_partner_id).tz = False
        self.assertEqual(
            complaint._mail_moment(moment).replace("\u202f", " "),
            "Friday, December 4, 2026, 6:30 PM (Central European Time)",
        )
        self.assertEqual(
            complaint.with_context(lang="fr_FR")._mail_moment(moment),
            "vendredi 4 décembre 2026, 18:30 (heure d’Europe centrale)",
        )
        self.anna.tz = "America/New_York"
        self.assertEqual(
            complaint._mail_moment(moment).replace("\u202f", " "),
            "Friday, December 4, 2026, 12:30 PM (Eastern Time)",
        )
        self.anna.tz = "UTC"
        self.assertIn("5:30\u202fPM (UTC)", complaint._mail_moment(moment))
        self.assertEqual(complaint._mail_moment(False), "")
        template = self.env.ref("crm_customer_value.mail_template_complaint_acknowledged")
        body = template._generate_template(complaint.ids, ("body_html",))[complaint.id]["body_html"]
        self.assertIn("Friday, December 4, 2026", body)
        self.assertIn("Agent", body)

    def test_two_languages(self):
        """Every template speaks the language of the customer, and fails in none."""
        for name in ("received", "acknowledged", "answered", "closed", "rejected"):
            template = self.env.ref(f"crm_customer_value.mail_template_complaint_{name}")
            self.assertTrue(template.body_html, name)
            template.with_context(lang="fr_FR").subject = "Bonjour {{ object.number }}"
            complaint = self._complaint(
                self.anna,
                compensation=12.5,
                remedy="refund",
                acknowledge_deadline=datetime(2026, 12, 4, 17, 30),
                resolve_deadline=datetime(2026, 12, 4, 17, 30),
            )
            for lang, subject in (("en_US", complaint.number), ("fr_FR", f"Bonjour {complaint.number}")):
                self.anna.lang = lang
                rendered = template._generate_template(complaint.ids, ("subject", "body_html"))[complaint.id]
                self.assertIn(subject, rendered["subject"])
                self.assertIn("Anna", rendered["body_html"])
                self.assertIn(complaint.access_token, rendered["body_html"])
                for raw in ("t-out", "{{", "Broken Screen"):
                    self.assertNotIn(raw, rendered["body_html"])

    def test_nothing_from_inside(self):
        """What is at stake, notes and judgements stay inside, whichever stage writes."""
        complaint = self._complaint(
            self.anna,
            severity="critical",
            cause_id=self.env["customer.complaint.cause"].create({"name": "SECRETCAUSE"}).id,
            root_cause="SECRETROOT",
            corrective_action="SECRETACTION",
        )
        complaint.message_post(body="SECRETNOTE", subtype_xmlid="mail.mt_note")
        complaint.amount_at_stake = 98765.0
        for stage in ("acknowledged", "answered", "closed", "rejected"):
            self._enter(complaint, stage, reject_reason="Used up")
            for secret in ("SECRET", "98,765", "98765", "ritical"):
                self.assertNotIn(secret, self._body(), stage)

    def test_offer_in_answer(self):
        complaint = self._complaint(self.anna, remedy="replacement", compensation=20.0)
        self._enter(complaint, "answered")
        self.assertIn("Replacement", self._body())
        self.assertIn("20.00", self._body())

    def test_no_email(self):
        """Nothing is sent, nothing breaks, and the responsible is told, once."""
        carl = self.env["res.partner"].create({"name": "Carl"})
        for partner, values in ((carl, {}), (None, {"partner_name": "Dora"}), (carl, {"email_from": "no address"})):
            complaint = self._complaint(partner, **values)
            self.assertEqual(self._sent(), [])
            for stage in ("acknowledged", "answered"):
                self.assertEqual(self._enter(complaint, stage), [])
            self.assertEqual(self._activities(complaint), {"Tell Customer": self.agent})
            self.assertIn("was not sent", "".join(complaint.message_ids.mapped("body")))

    def test_no_responsible(self):
        """The team's leader stands in; without one, the team sees it all the same."""
        carl = self.env["res.partner"].create({"name": "Carl"})
        self.agent.active = False
        self.assertEqual(self._activities(self._complaint(carl)), {"Tell Customer": self.leader})
        self.team.leader_id = False
        self.assertEqual(self._activities(self._complaint(carl)), {"Tell Customer": self.env["res.users"]})

    def test_unknown_customer_becomes_no_contact(self):
        before = self.env["res.partner"].with_context(active_test=False).search_count([])
        complaint = self._complaint(partner_name="Dora", email_from="dora@else.example")
        self.assertEqual([address for address, __ in self._sent()], ["dora@else.example"])
        self.assertIn("Hello Dora,", self._body())
        self.assertEqual([address for address, __ in self._enter(complaint, "closed")], ["dora@else.example"])
        self.assertEqual(self.env["res.partner"].with_context(active_test=False).search_count([]), before)

    def test_unknown_customer_is_told_after_the_transaction(self):
        """What was rolled back was told to nobody, and the next try tells it once."""
        complaint = self._complaint(partner_name="Dora", email_from="dora@else.example")
        kept = self.env["mail.mail"]

        def keep(mails):
            nonlocal kept
            kept |= mails

        mail_class = self.env.registry["mail.mail"]
        with patch.object(mail_class, "send_after_commit", keep):
            self.assertEqual(self._enter(complaint, "acknowledged"), [], "nothing leaves before the end")
            complaint.mail_stage_id = self.stages["closed"]
            with self.mock_mail_gateway():
                complaint._send_mail_of(self.stages["answered"])
            self.assertEqual(self._sent(), [])
        self.assertEqual(kept.mapped("state"), ["outgoing", "outgoing"])
        with self.mock_mail_gateway():
            kept.send()
        self.assertEqual([address for address, __ in self._sent()], ["dora@else.example"] * 2)

    def test_merged_complaints_are_silent(self):
        complaint = self._complaint(self.anna)
        self.assertEqual(self._enter(complaint, "closed", merged_into_id=self._complaint(self.anna).id), [])

    def test_several_at_once(self):
        complaints = self._complaint(self.anna) + self._complaint(self.bert)
        sent = self._enter(complaints, "acknowledged")
        self.assertEqual(
            sorted(address for address, __ in sent),
            ['"Anna" <anna@customer.example>', '"Bert" <bert@customer.example>'],
        )

    def test_imports_are_silent(self):
        with self.mock_mail_gateway():
            self.complaints.with_context(tracking_disable=True).create({
                "name": "Old", "description": "Old.", "partner_id": self.anna.id, "company_id": self.company.id,
            })
            self._end_request()
        self.assertEqual(self._sent(), [])

    def test_old_promise_is_a_time_too(self):
        complaint = self._complaint(self.anna, resolve_deadline=datetime(2026, 12, 4) - timedelta(days=400))
        self.assertEqual([len(self._enter(complaint, "acknowledged"))], [1])

    @users("complaint_agent")
    def test_agent_needs_no_more_rights(self):
        complaint = self._complaint(self.anna).with_user(self.env.user)
        self.assertEqual(len(self._enter(complaint, "closed", self.env.user)), 1)
