from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestLife(KnowCase):
    """What happens in the life of a customer, once or every year."""

    def _event(self, day, partner=None, **values):
        return self.env["customer.life.event"].create(
            {"partner_id": (partner or self.bakery).id, "name": "Founded", "date": day, **values}
        )

    @freeze_time("2027-03-10 12:00:00")
    def test_next_time(self):
        for day, yearly, expected in (
            ("2017-05-04", True, date(2027, 5, 4)),
            ("2017-03-10", True, date(2027, 3, 10)),
            ("2017-03-09", True, date(2028, 3, 9)),
            ("2016-02-29", True, date(2028, 2, 29)),
            ("2029-01-01", True, date(2029, 1, 1)),
            ("2017-05-04", False, False),
            ("2027-03-10", False, date(2027, 3, 10)),
            ("2027-05-04", False, date(2027, 5, 4)),
        ):
            self.assertEqual(self._event(day, is_yearly=yearly).date_next, expected, (day, yearly))

    def test_who_changes_it_has_noted_it(self):
        event = self._event("2027-03-01")
        event.with_user(self.seller).name = "Sold"
        self.assertEqual(event.user_id, self.seller)

    def test_form_of_a_contact(self):
        action = self.baker.with_user(self.seller).action_new_life_event()
        form = Form(self.env["customer.life.event"].with_user(self.seller).with_context(**action["context"]))
        form.name = "Ten years"
        form.kind = "anniversary"
        self.assertTrue(form.is_yearly)
        event = form.save()
        self.assertEqual(
            (event.partner_id, event.commercial_partner_id, event.user_id), (self.baker, self.bakery, self.seller)
        )

    def test_counted_for_the_whole_customer(self):
        event = self._event("2017-05-04", self.baker) | self._event("2017-05-04")
        self._event("2017-05-04", self.kiosk)
        for partner in (self.bakery, self.baker):
            self.assertEqual(partner.with_user(self.seller).life_event_count, 2)
            action = partner.with_user(self.seller).action_view_life_events()
            self.assertEqual(self.env["customer.life.event"].search(action["domain"]), event)
        self.assertEqual(self.kiosk.with_user(self.seller).life_event_count, 0)

    def test_empty_words(self):
        with self.assertRaisesRegex(ValidationError, "a few words are enough"):
            self._event("2017-05-04", name=" ")
