from unittest.mock import patch

from odoo.tests import tagged

from .suggestion_case import CRON, SuggestionCase


@tagged("post_install", "-at_install")
class TestSuggestionTelling(SuggestionCase):
    def _receivers(self, mails):
        return sorted(mails.recipient_ids.mapped("name"))

    def test_everybody_is_told_once(self):
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        self._support(suggestion, self.kiosk, self.person)
        self.assertFalse(self._tell(), "nothing is implemented")
        trigger = self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.env.ref(CRON).id)])
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.env.ref(CRON).id)]), trigger + 1
        )
        self.assertEqual(suggestion.untold_count, 3)
        mails = self._tell()
        self.assertEqual(self._receivers(mails), ["Sugg Baker", "Sugg Kiosk", "Sugg Person"])
        self.assertEqual(len(mails), 3, "nobody reads the others' addresses")
        self.assertEqual(set(mails.mapped("state")), {"outgoing"}, "the mail queue sends them")
        self.assertTrue(suggestion.told_date and all(suggestion.support_ids.mapped("told_date")))
        self.assertEqual(suggestion.untold_count, 0)

        suggestion.stage_id = self.stages["planned"]
        self._support(suggestion, self.helper)
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(self._receivers(self._tell()), ["Sugg Helper"], "the others know")
        self.assertFalse(self._tell())

    def test_texts_and_languages(self):
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.env.ref("crm_customer_value.mail_template_suggestion_supported")
        template.with_context(lang="de_DE").subject = "Umgesetzt: {{ object._shown_suggestion().name }}"
        self.kiosk.lang = "de_DE"
        suggestion = self._suggest("Smaller <parcels>", self.baker, state="planned", user_id=self.clerk.id)
        self.clerk.email = "carla@example.com"
        self._support(suggestion, self.kiosk, self.person)
        suggestion.stage_id = self.stages["implemented"]
        mails = {mail.recipient_ids: mail for mail in self._tell()}
        self.assertEqual(mails[self.kiosk].subject, "Umgesetzt: Smaller <parcels>")
        self.assertEqual(mails[self.person].subject, "Suggestion implemented: Smaller <parcels>")
        self.assertEqual(mails[self.baker].subject, "Your suggestion has been implemented: Smaller <parcels>")
        self.assertIn("You suggested “Smaller &lt;parcels&gt;”", mails[self.baker].body_html)
        self.assertIn("Other customers wanted it too", mails[self.baker].body_html)
        self.assertIn("You supported", mails[self.person].body_html)
        self.assertIn(f"/my/suggestions/{suggestion.id}", mails[self.person].body_html)
        self.assertNotIn("access_token", mails[self.person].body_html)
        self.assertNotIn("Sugg Person</", mails[self.person].body_html, "the heading is the suggestion")
        self.assertNotIn("Baker", mails[self.person].body_html, "supporters do not learn who proposed it")
        self.assertIn("carla@example.com", mails[self.person].email_from)

    def test_one_address_is_told_once(self):
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        twin = self._partner("Sugg Twin", email="Kiosk@Example.com")
        double = self._partner("Sugg Double", email="baker@example.com")
        self._support(suggestion, self.kiosk, twin, double)
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(self._receivers(self._tell()), ["Sugg Baker", "Sugg Kiosk"])
        self.assertTrue(all(suggestion.support_ids.mapped("told_date")))

    def test_unreachable_are_shown_to_staff(self):
        mute = self._partner("Sugg Mute")
        broken = self._partner("Sugg Broken", email="no address")
        gone = self._partner("Sugg Gone", email="gone@example.com")
        suggestion = self._suggest("Smaller parcels", mute, state="planned")
        self._support(suggestion, broken, gone, self.kiosk)
        gone.active = False
        self.assertFalse(suggestion.unreachable_partner_ids, "nobody is to be told yet")
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(self._receivers(self._tell()), ["Sugg Kiosk"])
        suggestion.invalidate_recordset()
        shown = suggestion.with_user(self.clerk).unreachable_partner_ids
        self.assertEqual(set(shown.mapped("name")), {"Sugg Mute", "Sugg Broken", "Sugg Gone"})
        mute.email = "mute@example.com"
        self.assertEqual(self._receivers(self._tell()), ["Sugg Mute"], "as soon as there is an address")

    def test_many_are_told_in_batches(self):
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        partners = self.env["res.partner"].create([
            {"name": f"Many {number}", "email": f"many{number}@example.com"} for number in range(25)
        ])
        self._support(suggestion, *partners)
        suggestion.stage_id = self.stages["implemented"]
        known = self.env["mail.mail"].search([])
        steps = []

        def progress(_self, done, remaining):
            steps.append((done, remaining))
            return 60

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.env["customer.suggestion"]._cron_tell_implemented(batch=10)
        self.assertEqual(steps, [(11, 15), (10, 5), (5, 0)])
        self.assertEqual(len(self.env["mail.mail"].search([])) - len(known), 26)

    def test_without_time_the_rest_waits(self):
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        self._support(suggestion, self.kiosk, self.person)
        suggestion.stage_id = self.stages["implemented"]
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 0):
            self.env["customer.suggestion"]._cron_tell_implemented(batch=1)
            self.assertEqual(suggestion.untold_count, 1)
            suggestion.invalidate_recordset()
            self.env["customer.suggestion"]._cron_tell_implemented(batch=1)
        suggestion.invalidate_recordset()
        self.assertEqual(suggestion.untold_count, 0)

    def test_archived_suggestion_tells_nobody(self):
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        self._support(suggestion, self.kiosk)
        suggestion.write({"active": False, "stage_id": self.stages["implemented"].id})
        self.assertFalse(self._tell())

    def test_stage_that_becomes_implemented(self):
        """An administrator gives a stage another meaning: what stands in it is implemented."""
        stage = self.env["customer.suggestion.stage"].create({"name": "Live", "state": "planned"})
        suggestion = self._suggest("Smaller parcels", self.baker, stage_id=stage.id, state="new")
        stage.state = "implemented"
        self.assertEqual(self._receivers(self._tell()), ["Sugg Baker"])
        self.assertTrue(suggestion.date_implemented)

    def test_without_the_scheduled_action(self):
        """Somebody deleted it: suggestions move all the same."""
        suggestion = self._suggest("Smaller parcels", self.baker, state="planned")
        self.env.ref(CRON).unlink()
        suggestion.stage_id = self.stages["implemented"]
        self.assertEqual(suggestion.state, "implemented")

    def test_deleted_supporters_no_longer_count(self):
        suggestion = self._suggest("Smaller parcels", self.baker)
        gone = self._partner("Gone soon")
        self._support(suggestion, self.kiosk, gone)
        self.assertEqual(suggestion.support_count, 2)
        gone.unlink()
        self.assertEqual(suggestion.support_count, 1)
