from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged

from ..complaint_mail_case import ComplaintMailCase


@tagged("post_install", "-at_install")
class TestComplaintAnswers(ComplaintMailCase):
    def test_answer_threads(self):
        """By reference, whoever of the family writes, and from whatever address the complaint came."""
        complaint = self._complaint(self.anna)
        told = complaint.message_ids.filtered(lambda message: message.message_type == "auto_comment")
        for sender in ("anna@customer.example", "Bert <BERT@customer.example>"):
            mail = self._answer(told, sender, subject="Re: broken", In_Reply_To="<own@customer.example>")
            self.assertFalse(self._receive(mail))
        received = complaint._emails_received()
        self.assertEqual(received.author_id, self.anna + self.bert)
        self.assertEqual(set(received.subtype_id.ids), {self.env.ref("mail.mt_comment").id})

    def test_answer_of_unknown_sender(self):
        self.team.alias_unknown_sender = "unassigned"
        complaint = self._receive(self._mail("nora@new.example"))
        self.assertFalse(self._receive(self._reply(complaint, sender="nora@new.example")))
        self.assertEqual(len(complaint._emails_received()), 2)
        self.assertFalse(complaint._emails_received().subtype_id.filtered("internal"))

    def test_answer_of_stranger_is_a_note(self):
        """It is kept, inside, under the name it came with; nobody outside is mailed or drawn in."""
        complaint = self._receive(self._mail())
        complaint.user_id = self.agent
        self._enter(complaint, "waiting")
        first = complaint._emails_received()
        mail = self._mail(
            "Eve <eve@evil.example>", body="I am Anna.", In_Reply_To=first.message_id, Cc="mallory@evil.example"
        )
        self.assertFalse(self._receive(mail))
        self.assertEqual(self._sent(), [])
        note = complaint._emails_received() - first
        self.assertTrue(note.subtype_id.internal)
        self.assertFalse(note.author_id)
        self.assertIn("eve@evil.example", note.email_from)
        self.assertFalse(complaint.email_cc)
        self.assertEqual(complaint.stage_id, self.stages["waiting"])
        self.assertNotIn("eve@evil.example", complaint.message_partner_ids.mapped("email"))
        self.assertEqual(self._activities(complaint), {"Customer Wrote": self.agent})

    def test_number_in_subject(self):
        """With its secret it was in an e-mail of ours; alone, anybody can guess it."""
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        for subject in (f"Re: [{complaint.number}] broken", f"about {complaint.number.lower()}, again"):
            self.assertFalse(self._receive(self._mail("bert@customer.example", subject)))
        notes = complaint._emails_received()
        self.assertEqual(notes.mapped("subtype_id"), self.env.ref("mail.mt_note"))
        self.assertFalse(notes.author_id)
        self.assertEqual(complaint.stage_id, self.stages["waiting"])
        self.assertEqual(self._activities(complaint), {"Customer Wrote": self.agent})
        answer = self._mail("bert@customer.example", f"AW: something {complaint._proven_number().lower()} else")
        self.assertFalse(self._receive(answer))
        self.assertEqual((complaint._emails_received() - notes).author_id, self.bert)
        self.assertEqual(complaint.stage_id, self.stages["investigating"])

    def test_number_of_somebody_else(self):
        """Guessing a number leads nowhere: that is a complaint of its own."""
        complaint = self._complaint(self.anna)
        before = complaint.message_ids
        made = self._receive(self._mail("eve@evil.example", f"Re: {complaint.number}"))
        self.assertEqual(len(made), 1)
        self.assertEqual(made.partner_id.email, "eve@evil.example")
        self.assertEqual(complaint.message_ids, before)
        staff = self._receive(self._mail("leader@staff.example", f"Re: {complaint.number}"))
        self.assertEqual(len(staff), 1)

    def test_answer_to_merged_complaint(self):
        target, merged = self._complaint(self.anna), self._complaint(self.anna)
        merged.merged_into_id = target
        self.assertFalse(self._receive(self._reply(merged)))
        self.assertEqual(len(target._emails_received()), 1)
        self.assertFalse(merged._emails_received())

    def test_answer_to_deleted_complaint(self):
        """It starts anew, with the team that it was written to."""
        complaint = self._complaint(self.anna)
        mail = self._reply(complaint)
        complaint.unlink()
        self.assertEqual(self._receive(mail).team_id, self.team)

    def test_customers_never_write_notes(self):
        """Also what answers a note that reached them by mistake is a word of the customer."""
        complaint = self._complaint(self.anna)
        note = complaint.message_post(body="Inside", subtype_xmlid="mail.mt_note")
        self._receive(self._answer(note))
        self.assertFalse(complaint._emails_received().subtype_id.internal)

    def test_answer_ends_waiting(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        self._receive(self._reply(complaint))
        self.assertEqual(complaint.stage_id, self.stages["investigating"])
        self.assertIn("The customer answered", "".join(complaint.message_ids.mapped("body")))
        self._receive(self._reply(complaint))
        self.assertEqual(complaint.stage_id, self.stages["investigating"])

    def test_answer_goes_back_and_not_ahead(self):
        """To the nearest stage before the waiting one, whatever comes after it."""
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
        self.stages["waiting"].copy({
            "name": "Last Check", "clock_stops": False, "sequence": self.stages["waiting"].sequence + 1,
        })
        self._receive(self._reply(complaint))
        self.assertEqual(complaint.stage_id, self.stages["investigating"])

    def test_answer_of_participants_changes_nothing(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id, email_cc="carl@else.example")
        self._receive(self._reply(complaint, sender="carl@else.example"))
        self.assertEqual(complaint.stage_id, self.stages["waiting"])
        self.assertFalse(complaint._emails_received().subtype_id.filtered("internal"))
        self.assertEqual(self._activities(complaint), {})

    def test_answer_in_the_name_of_staff_is_a_note(self):
        """Anybody can give an employee's address: nothing reaches the customer, and the desk is told."""
        for sender in ("Agent <agent@staff.example>", "leader@staff.example"):
            complaint = self._complaint(self.anna, stage_id=self.stages["waiting"].id)
            complaint.message_subscribe((self.anna | self.agent.partner_id).ids)
            written = complaint.message_post(
                body="It broke.", author_id=self.anna.id, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            mail = self._answer(written, sender, body="Pay to another account.", Cc="mallory@evil.example")
            self.assertFalse(self._receive(mail))
            self.assertEqual(self._sent(), [])
            note = complaint._emails_received()
            self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
            self.assertIn("The customer cannot read it.", note.body)
            self.assertFalse(note.notified_partner_ids.filtered("partner_share"))
            self.assertFalse(note.search(complaint._customer_message_domain() & Domain("id", "=", note.id)))
            self.assertFalse(complaint.email_cc)
            self.assertEqual(complaint.stage_id, self.stages["waiting"])
            self.assertEqual(self._activities(complaint), {"To-Do": self.agent})

    def test_reply_to_our_answer(self):
        """Who does not say that it is solved has it handled again, as by "Not solved" on the portal."""
        complaint = self._complaint(self.anna, stage_id=self.stages["answered"].id)
        for __ in range(2):
            self._receive(self._reply(complaint, body="No, it is still broken."))
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])
        self.assertEqual(self._activities(complaint), {})

    def test_reply_reopens(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
        self._enter(complaint, "closed")
        self._receive(self._reply(complaint))
        self.assertEqual((complaint.state, complaint.reopen_count), ("handling", 1))
        self.assertEqual(self._activities(complaint), {})

    def test_late_reply_is_another_complaint(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
        self._enter(complaint, "closed")
        complaint.date_closed = fields.Datetime.now() - timedelta(days=15)
        new = self._receive(self._reply(complaint))
        self.assertEqual(new.previous_id, complaint)
        self.assertEqual((complaint.state, complaint.reopen_count), ("closed", 0))
        self.assertFalse(complaint._emails_received())

    def test_answer_to_archived(self):
        """It comes back to where somebody sees it, reopened or as another complaint."""
        for days in (14, 0):
            self.company.complaint_reopen_days = days
            complaint = self._complaint(self.anna)
            complaint._close()
            complaint.active = False
            self._receive(self._reply(complaint))
            self.assertEqual((complaint.active, complaint.state), (bool(days), "handling" if days else "closed"))
            self.assertEqual(self.complaints.search_count([("previous_id", "=", complaint.id)]), 0 if days else 1)
