from odoo.tests import HttpCase, tagged

from .suggestion_case import SuggestionCase


@tagged("post_install", "-at_install")
class TestSuggestionTours(SuggestionCase, HttpCase):
    """The same pages as on a desk, in a browser."""

    def test_portal(self):
        other = self._suggest("One invoice a month", self.kiosk)
        self.start_tour("/my", "customer_suggestion_portal_tour", login="sugg_baker")
        self.assertEqual(other.support_ids.partner_id, self.baker)
        created = self.env["customer.suggestion"].search([("name", "=", "Smaller parcels")])
        self.assertEqual((created.partner_id, created.is_public), (self.baker, True))

    def test_desk(self):
        merged = self._suggest("One invoice a month", self.kiosk)
        target = self._suggest("Collective invoices", self.person)
        self.start_tour("/odoo/customer-suggestions", "customer_suggestion_tour", login="sugg_manager")
        self.assertEqual((merged.merged_into_id, target.support_count), (target, 1))
        declined = self.env["customer.suggestion"].search([("name", "=", "Answer on Saturdays")])
        self.assertEqual((declined.state, declined.decline_reason), ("declined", "Nobody is here on Saturdays"))


@tagged("post_install", "-at_install")
class TestSuggestionPhoneTours(SuggestionCase, HttpCase):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_portal(self):
        other = self._suggest("One invoice a month", self.kiosk)
        self.start_tour("/my", "customer_suggestion_portal_tour", login="sugg_baker")
        self.assertEqual(other.support_ids.partner_id, self.baker)
