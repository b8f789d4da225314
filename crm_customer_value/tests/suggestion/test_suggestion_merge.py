from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .suggestion_case import SuggestionCase


@tagged("post_install", "-at_install")
class TestSuggestionMerge(SuggestionCase):
    def setUp(self):
        super().setUp()
        self.target = self._suggest("One invoice a month", self.baker, state="planned")
        self.source = self._suggest("Monthly invoices", self.kiosk, public=False)

    def test_supporters_move_and_count_once(self):
        self._support(self.target, self.helper, self.person)
        self._support(self.source, self.person, self.baker, self.bakery)
        self.source._merge_into(self.target)
        # helper and person supported the target, bakery comes along, kiosk proposed; baker
        # proposed the target itself.
        self.assertEqual(
            sorted(self.target.support_ids.partner_id.mapped("name")),
            ["Sugg Bakery", "Sugg Helper", "Sugg Kiosk", "Sugg Person"],
        )
        self.assertEqual((self.target.support_count, self.source.support_count), (4, 0))
        self.assertEqual((self.source.merged_into_id, self.source.active), (self.target, False))
        origins = {row.partner_id: row.origin_id for row in self.target.support_ids}
        self.assertEqual(origins[self.kiosk], self.source)
        self.assertEqual(origins[self.bakery], self.source)
        self.assertFalse(origins[self.person])
        self.assertEqual(self.target.merged_count, 1)
        self.assertEqual(
            self.env["customer.suggestion"].with_context(active_test=False).search(
                self.target.action_view_merged()["domain"]
            ), self.source,
        )

    def test_proposer_of_the_merged_one_is_told_by_the_own_words(self):
        self._support(self.target, self.person)
        self.source._merge_into(self.target)
        self.target.stage_id = self.stages["implemented"]
        mails = {mail.recipient_ids: mail for mail in self._tell()}
        self.assertEqual(set(mails), {self.baker, self.kiosk, self.person})
        told = mails[self.kiosk]
        self.assertEqual(told.subject, "Suggestion implemented: Monthly invoices")
        self.assertIn("We merged it with a similar suggestion", told.body_html)
        self.assertIn(f"/my/suggestions/{self.source.id}", told.body_html)
        self.assertNotIn("One invoice a month", told.body_html)

    def test_merged_into_an_implemented_one(self):
        self.target.stage_id = self.stages["implemented"]
        self.assertEqual(self._tell().recipient_ids, self.baker)
        self.source._merge_into(self.target)
        self.assertEqual(self._tell().recipient_ids, self.kiosk)

    def test_who_was_told_is_not_told_again(self):
        self._support(self.source, self.person)
        self.source.stage_id = self.stages["implemented"]
        self.assertEqual(self._tell().recipient_ids, self.kiosk | self.person)
        self._support(self.target, self.person)
        self.source._merge_into(self.target)
        self.target.stage_id = self.stages["implemented"]
        self.assertEqual(self._tell().recipient_ids, self.baker)

    def test_merging_twice_leads_to_the_last(self):
        last = self._suggest("Collective invoices", self.person)
        self.source._merge_into(self.target)
        self.target._merge_into(last)
        self.assertEqual((self.source.merged_into_id, self.target.merged_into_id), (last, last))
        origins = {row.partner_id: row.origin_id for row in last.support_ids}
        self.assertEqual(origins, {self.kiosk: self.source, self.baker: self.target})
        self.assertEqual(last.merged_count, 2)

    def test_what_cannot_be_merged(self):
        with self.assertRaisesRegex(UserError, "at least one other"):
            self.target._merge_into(self.target)
        elsewhere = self._suggest("Elsewhere", self.kiosk, company_id=self.other_company.id)
        with self.assertRaisesRegex(UserError, "another company"):
            elsewhere._merge_into(self.target)
        self.source._merge_into(self.target)
        with self.assertRaisesRegex(UserError, "has already been merged"):
            self.source._merge_into(self.target)
        with self.assertRaisesRegex(UserError, "Choose that one"):
            self._suggest("Third", self.person)._merge_into(self.source)

    def test_wizard(self):
        self._support(self.source, self.person, self.helper)
        wizards = self.env["customer.suggestion.merge"].with_user(self.clerk).with_context(
            active_model="customer.suggestion", active_ids=(self.target | self.source).ids
        )
        with Form(wizards) as form:
            self.assertEqual(form.target_id, self.source, "the one with most support")
            self.assertEqual(form.supporter_count, 3)
            form.target_id = self.target
            self.assertEqual(form.supporter_count, 3)
        action = form.record.action_merge()
        self.assertEqual(action["res_id"], self.target.id)
        self.assertEqual(self.target.support_count, 3)
        alone = wizards.with_context(active_ids=self.target.ids)
        with Form(alone) as form:
            self.assertFalse(form.target_id)
            form.target_id = self.target
        self.assertEqual(form.record.alone_ids, self.target, "which is not offered")
        with self.assertRaisesRegex(UserError, "into itself"):
            form.record.action_merge()

    def test_partners_that_are_merged_count_once(self):
        """Merging contacts must not lose supporters, nor count one person twice."""
        twin = self._partner("Sugg Twin", email="person@example.com")
        other = self._suggest("Another", self.kiosk)
        self._support(self.target, self.person, twin)
        self._support(other, twin)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.person | twin).ids, self.person, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual(self.target.support_ids.partner_id, self.person)
        self.assertEqual(self.target.support_count, 1)
        self.assertEqual(other.support_ids.partner_id, self.person)
        self.assertEqual(other.support_count, 1)
        guest = self._partner("Sugg Guest", email="guest@example.com")
        self._support(self.target, guest)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.baker | guest).ids, self.baker, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual(self.target.support_ids.partner_id, self.person, "the guest is who proposed")
        self.assertEqual(self.target.support_count, 1)
