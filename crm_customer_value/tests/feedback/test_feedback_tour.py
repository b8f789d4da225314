from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..feedback_case import LINK, FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackTour(FeedbackCase, HttpCase):
    """From a 2 on the phone to an index: an activity, a note, a contact and a number come of one answer."""

    frozen = False
    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        # Nobody sees more of the customer than their salesperson.
        self.firm.user_id = self.seller

    def test_story(self):
        feedback = self._asked(scale="nps")
        self._recompute()
        before = self._value(self.firm)
        self.assertIs(before.emotional_score, False)
        index, silent_since = before.value_index, before.last_contact_by_us
        self._answer_on_the_phone(feedback)
        call = self._read_activity(feedback)
        self._note_what_to_know()
        self._log_call(call)
        self._recompute()
        value = self._value(self.firm)
        # 2 of 10 is 20 of 100, and is all that is known: (2 · 50 + 20) / 3.
        self.assertEqual((value.emotional_score, value.benefit_answer_count), (40.0, 1))
        self.assertLess(value.value_index, index)
        self.assertLess(value.satisfaction_points, 0)
        self.assertFalse(silent_since)
        self.assertEqual(value.last_contact_by_us, self.today)

    def _answer_on_the_phone(self, feedback):
        """Open the link of the e-mail as its reader does, and tap on Send."""
        [mail] = [mail for mail in self._mails if "anna@oak.example" in mail["email_to"][0]]
        links = {match[0] for match in LINK.finditer(mail["body"])}
        [path] = {LINK.match(link)[1] for link in links}
        self.start_tour(f"{path}?answer=2", "customer_feedback_answer_tour")
        feedback.invalidate_recordset()
        self.assertEqual((feedback.state, feedback.score, feedback.comment), ("answered", 2, "Nobody called back"))

    def _read_activity(self, feedback):
        """Return the call that the salesperson finds among their activities, and that leads to the answer."""
        call = self.env["mail.activity"].with_user(self.seller).search([
            ("res_model", "=", "res.partner"), ("res_id", "=", self.anna.id),
        ])
        self.assertEqual((len(call), call.user_id, call.activity_category), (1, self.seller, "phonecall"))
        self.assertIn("2 of 10", call.summary)
        self.assertIn(f"/odoo/customer.feedback/{feedback.id}", call.note)
        self.assertEqual(feedback.with_user(self.seller).comment, "Nobody called back")
        return call

    def _note_what_to_know(self):
        """Pin on the customer what everybody should know, as a colleague reads it."""
        notes = self.env["customer.contact.note"].with_user(self.seller)
        action = notes._action_dialog({"default_partner_id": self.anna.id})
        with Form(notes.with_context(**action["context"]), view=action["views"][0][0]) as form:
            form.text = "Call back on the same day"
        colleague = new_test_user(
            self.env, "feedback_desk", groups="crm_customer_value.group_service_all", company_id=self.company.id,
            company_ids=self.company.ids,
        )
        note = notes.with_user(colleague).search([("commercial_partner_id", "=", self.firm.id)])
        self.assertEqual((note.text, note.user_id), ("Call back on the same day", self.seller))

    def _log_call(self, call):
        """Mark the call as done, with how long it took and what was learned: it is a contact."""
        call.call_minutes = 12
        call.action_feedback(feedback="Their filter came late")
        log = self.env["customer.contact.log"].search([("commercial_partner_id", "=", self.firm.id)])
        self.assertEqual(
            (len(log), log.partner_id, log.user_id, log.channel_id.code, log.minutes, log.summary),
            (1, self.anna, self.seller, "phone", 12, "Their filter came late"),
        )
