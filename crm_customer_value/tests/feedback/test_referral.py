from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestReferral(KnowCase):
    """Who brought whom, from the first lead to the customer."""

    def _lead(self, **values):
        return self.env["crm.lead"].create({
            "name": "Ovens", "type": "opportunity", "company_id": self.company.id, **values,
        })

    def test_nobody_brings_themselves(self):
        for partner, friend in (
            (self.baker, self.baker), (self.bakery, self.bakery), (self.baker, self.bakery),
        ):
            with self.assertRaisesRegex(ValidationError, "Nobody brings themselves"), self.env.cr.savepoint():
                partner.referred_by_id = friend

    def test_no_circles(self):
        third = self._partner("Know Third", is_company=True)
        clerk = self._partner("Know Clerk", parent_id=third.id)
        self.kiosk.referred_by_id = self.baker
        third.referred_by_id = self.kiosk
        for partner, friend in ((self.baker, self.kiosk), (self.bakery, clerk), (self.baker, clerk)):
            with self.assertRaisesRegex(ValidationError, "was there before"), self.env.cr.savepoint():
                partner.referred_by_id = friend
        clerk.referred_by_id = self.baker
        self.bakery.referred_by_id = self._partner("Know Fourth")

    def test_names_of_others(self):
        """Nobody learns the name of a contact by writing its number into “Brought by”."""
        far = self.env["res.company"].create({"name": "Know Far"})
        secret = self._partner("Secret", company_id=far.id, is_company=True)
        self.seller.group_ids |= self.env.ref("base.group_partner_manager")
        mine = self._partner("Know Mine", user_id=self.seller.id)
        spec = {"referred_by_id": {"fields": {"display_name": {}}}}
        values = {"referred_by_id": secret.id}
        for record, base in (
            (mine, {"name": "Know New"}),
            (self._lead(user_id=self.seller.id), {"name": "Know New", "company_id": self.company.id}),
            (self._lead(user_id=self.seller.id, company_id=False), {"name": "Know New", "company_id": False}),
        ):
            record = record.with_user(self.seller).with_company(self.company)
            for attempt in (
                lambda record=record: record.write(values),
                lambda record=record, base=base: record.create({**base, **values}),
                lambda record=record, base=base: record.with_context(default_referred_by_id=secret.id).create(base),
                lambda record=record: record.onchange(values, ["referred_by_id"], spec),
                lambda record=record, base=base: record.browse().onchange({**base, **values}, ["referred_by_id"], spec),
            ):
                self.env.invalidate_all()
                with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                    attempt()
                self.assertNotIn("Secret", str(caught.exception))

    def test_won_with_a_friend_whom_the_seller_may_not_read(self):
        far = self.env["res.company"].create({"name": "Know Far"})
        secret = self._partner("Secret", is_company=True)
        lead = self._lead(contact_name="Know Alone", user_id=self.seller.id, referred_by_id=secret.id)
        secret.company_id = far
        self.seller.group_ids |= self.env.ref("base.group_partner_manager")
        self.env.invalidate_all()
        lead.with_user(self.seller).with_company(self.company)._handle_partner_assignment()
        self.assertEqual(lead.partner_id.name, "Know Alone")
        lead.with_user(self.seller).with_company(self.company).action_set_won()
        self.assertEqual(lead.partner_id.referred_by_id, secret)

    def test_who_was_brought(self):
        self.kiosk.referred_by_id = self.baker
        free = self._partner("Know Free", referred_by_id=self.bakery.id)
        self._partner("Know Colleague", parent_id=self.bakery.id, referred_by_id=self.baker.id)
        for partner in (self.bakery, self.baker):
            self.assertEqual(partner.with_user(self.seller).brought_contact_count, 2)
            action = partner.with_user(self.seller).action_view_brought_contacts()
            self.assertEqual(self.env["res.partner"].search(action["domain"]), self.kiosk | free)
        self.assertEqual(self.kiosk.with_user(self.seller).brought_contact_count, 0)

    def test_one_list_of_who_was_brought(self):
        """From the contact and from the value; those who were archived since have bought, and count."""
        self._order(self.bakery, 10, 90.0)
        self._recompute()
        self.kiosk.referred_by_id = self.baker
        self.kiosk.active = False
        baker = self.baker.with_user(self.seller)
        action = baker.action_view_brought_contacts()
        self.assertEqual(self._value(self.bakery).with_user(self.seller).action_view_brought_contacts(), action)
        found = self.env["res.partner"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual((baker.brought_contact_count, found), (1, self.kiosk))

    def test_a_contact_that_is_not_saved_brought_nobody(self):
        self.kiosk.referred_by_id = self.bakery
        with self.assertNoLogs("odoo.domains", "WARNING"):
            self.assertEqual(self.env["res.partner"].new({"name": "Not saved yet"}).brought_contact_count, 0)

    def test_what_they_are_worth(self):
        free = self._partner("Know Free", referred_by_id=self.bakery.id, user_id=self.seller.id)
        self._order(free, 10, 250.0, user_id=self.seller.id)
        self._order(self.kiosk, 10, 90.0, user_id=self.env.user.id)
        self._recompute()
        self.assertEqual(free.with_user(self.seller).shown_revenue_total, 250.0)
        self.assertIs(self.kiosk.with_user(self.seller).shown_revenue_total, False)

    def test_kept_when_the_customer_is_made(self):
        lead = self._lead(partner_name="Know New Ltd", contact_name="Know New", referred_by_id=self.baker.id)
        lead._handle_partner_assignment()
        self.assertEqual(lead.partner_id.name, "Know New")
        self.assertEqual(lead.partner_id.parent_id.referred_by_id, self.baker)
        self.assertFalse(lead.partner_id.referred_by_id)
        alone = self._lead(contact_name="Know Alone", referred_by_id=self.baker.id)
        alone._handle_partner_assignment()
        self.assertEqual(alone.partner_id.referred_by_id, self.baker)

    def test_kept_when_won(self):
        lead = self._lead(partner_id=self.kiosk.id, referred_by_id=self.baker.id, user_id=self.seller.id)
        self.assertFalse(self.kiosk.referred_by_id)
        lead.with_user(self.seller).action_set_won()
        self.assertEqual((lead.referred_by_id, self.kiosk.referred_by_id), (self.baker, self.baker))
        # Who is named already stays.
        other = self._lead(partner_id=self.kiosk.id, referred_by_id=self._partner("Know Later").id)
        other.action_set_won()
        self.assertEqual(self.kiosk.referred_by_id, self.baker)

    def test_old_customers_were_brought_by_nobody(self):
        self._order(self.kiosk, 30, 90.0)
        self._recompute()
        lead = self._lead(partner_id=self.kiosk.id, referred_by_id=self.baker.id)
        lead.action_set_won()
        self.assertFalse(self.kiosk.referred_by_id)

    def test_winning_makes_no_circle(self):
        self.kiosk.referred_by_id = self.bakery
        lead = self._lead(partner_id=self.baker.id, referred_by_id=self.kiosk.id)
        lead.action_set_won()
        self.assertFalse(self.bakery.referred_by_id)

    def test_text_of_odoo_is_offered(self):
        lead = self._lead(referred="know baker ")
        self.assertEqual(lead.referred_match_id, self.baker)
        lead.action_take_referred()
        self.assertEqual((lead.referred_by_id, lead.referred), (self.baker, "know baker "))
        self.assertFalse(lead.referred_match_id)
        self.baker.email = "Baker@know.example"
        self.assertEqual(self._lead(referred="baker@KNOW.example").referred_match_id, self.baker)
        self._partner("Know Twin", email="twin@know.example")
        self._partner("Know Twin")
        for words in ("Know Twin", "Know", "%", "Know_Baker", False):
            self.assertFalse(self._lead(referred=words).referred_match_id, words)

    def test_merged_opportunities(self):
        first = self._lead(partner_id=self.kiosk.id)
        second = self._lead(partner_id=self.kiosk.id, referred_by_id=self.baker.id)
        self.assertEqual((first | second).merge_opportunity().referred_by_id, self.baker)

    def test_merged_contacts(self):
        """Directly, and by way of somebody between."""
        third = self._partner("Know Third")
        self.kiosk.referred_by_id = self.bakery
        third.referred_by_id = self.kiosk
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.bakery | third).ids, self.bakery, extra_checks=False)
        self.env.invalidate_all()
        self.assertFalse(self.bakery.referred_by_id)
        self.assertEqual(self.kiosk.referred_by_id, self.bakery)
        wizard._merge((self.bakery | self.kiosk).ids, self.bakery, extra_checks=False)
        self.env.invalidate_all()
        self.assertFalse(self.bakery.referred_by_id)
