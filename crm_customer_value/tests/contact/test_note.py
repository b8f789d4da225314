from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestNote(KnowCase):
    """What to know about a customer: who wrote what when, read by whoever serves them."""

    def _note(self, partner, user, text="Call late"):
        action = partner.with_user(user).action_new_note()
        notes = self.env["customer.contact.note"].with_user(user).with_context(**action["context"])
        form = Form(notes, view=self.env.ref("crm_customer_value.customer_contact_note_view_form_note"))
        form.text = text
        return form.save()

    def test_one_line(self):
        with freeze_time("2027-03-10 12:00:00"):
            note = self._note(self.baker, self.employee)
        self.assertEqual(
            (note.partner_id, note.commercial_partner_id, note.text, note.user_id, note.date),
            (self.baker, self.bakery, "Call late", self.employee, date(2027, 3, 10)),
        )

    def test_who_changes_the_words_has_written_them(self):
        with freeze_time("2027-03-10 12:00:00"):
            note = self._note(self.bakery, self.seller)
        with freeze_time("2027-03-12 12:00:00"):
            note.with_user(self.seller).partner_id = self.baker
            self.assertEqual((note.user_id, note.date), (self.seller, date(2027, 3, 10)))
            leader = self._user("know_leader", "sales_team.group_sale_salesman_all_leads")
            note.with_user(leader).partner_id = self.bakery
            self.assertEqual(note.user_id, leader, "nobody says what they did not say of that customer")
            note.with_user(self.env.user).text = "Call early"
        self.assertEqual((note.user_id, note.date), (self.env.user, date(2027, 3, 12)))
        for values in ({"user_id": self.agent.id}, {"date": "2020-01-01"}):
            with self.assertRaisesRegex(AccessError, "set automatically"):
                note.with_user(self.seller).write(values)

    def test_notes_of_the_whole_customer_on_each_contact(self):
        first = self._note(self.bakery, self.seller)
        second = self._note(self.baker, self.employee)
        self._note(self.kiosk, self.employee)
        for partner in (self.bakery, self.baker):
            self.assertEqual(partner.with_user(self.seller).customer_note_ids, second | first)
            self.assertEqual(partner.with_user(self.employee).customer_note_ids, second)
            self.assertFalse(partner.with_user(self.agent).customer_note_ids)
        second.with_user(self.seller).action_take_off()
        self.env.invalidate_all()
        self.assertEqual(self.baker.with_user(self.seller).customer_note_ids, first)

    def test_empty_words(self):
        with self.assertRaisesRegex(ValidationError, "one line is enough"):
            self._note(self.bakery, self.seller, "  ")

    def test_dialog_warns(self):
        for view in ("customer_contact_note_view_form_note", "customer_contact_note_view_form"):
            arch = self.env["customer.contact.note"].get_view(self.env.ref(f"crm_customer_value.{view}").id)["arch"]
            self.assertIn("The customer may ask to read this", arch)
