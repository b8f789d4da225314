import io
import re

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .suggestion_case import SuggestionCase

MB = 1024 * 1024


@tagged("post_install", "-at_install")
class TestSuggestionPortal(SuggestionCase, HttpCase):
    """The pages customers see, asked for as they do."""

    def _page(self, path, user=None, **kw):
        if user:
            self.authenticate(user.login, user.login)
        response = self.url_open(path, **kw)
        self.assertEqual(response.status_code, 200)
        return response

    def _post(self, path, data, files=None):
        return self.url_open(path, data={"csrf_token": Request.csrf_token(self), **data}, files=files)

    def _new(self, files=None, **data):
        data = {"name": "Smaller parcels", "description": "Half the size", **data}
        response = self._post("/my/suggestions/new", data, files)
        self.env.invalidate_all()
        found = self.env["customer.suggestion"].search([("company_id", "=", self.company.id)], order="id desc", limit=1)
        return response, found

    def _listed(self, text):
        return re.findall(r'href="/my/suggestions/(\d+)"', text)

    def test_planned_month(self):
        """On the list and on the page, for whoever may read the suggestion."""
        with freeze_time("2026-11-26 12:00:00"):
            suggestion = self._suggest("Later", self.kiosk, state="planned", date_planned="2027-03-15")
        for path in ("/my/suggestions?filterby=public", suggestion.access_url):
            with freeze_time("2026-11-26 12:00:00"):
                self.assertIn("Planned for March 2027", self._page(path, self.baker_user).text)

    def test_lists(self):
        mine = self._suggest("Mine", self.baker, state="new")
        ours = self._suggest("Ours", self.helper, public=False)
        popular = self._suggest("Popular", self.kiosk)
        self._support(popular, self.person)
        fresh = self._suggest("Fresh", self.kiosk)
        done = self._suggest("Done", self.kiosk, state="implemented")
        self._suggest("Not looked at", self.kiosk, state="new")
        self._suggest("Private", self.kiosk, public=False)
        self._suggest("Elsewhere", self.kiosk, company_id=self.other_company.id)
        self._suggest("Archived", self.kiosk, active=False)
        lists = {
            "": [mine], "?filterby=mine": [mine], "?filterby=family": [ours, mine],
            "?filterby=public": [popular, fresh], "?filterby=public&sortby=newest": [fresh, popular],
            "?filterby=done": [done], "?filterby=nonsense&sortby=nonsense": [mine],
            "?filterby=public&search=opul": [popular], f"?filterby=public&search={fresh.number}": [fresh],
            "?filterby=public&search=Kiosk": [],
        }
        self.authenticate("sugg_baker", "sugg_baker")
        for query, expected in lists.items():
            with self.subTest(query=query):
                listed = self._listed(self._page(f"/my/suggestions{query}").text)
                self.assertEqual(listed, [str(suggestion.id) for suggestion in expected])
        self.assertNotIn("Our Company", self._page("/my/suggestions", self.person_user).text)

    def test_pager(self):
        self.env["customer.suggestion"].create([
            {"name": f"Number {number}", "partner_id": self.baker.id, "company_id": self.company.id}
            for number in range(85)
        ])
        self.authenticate("sugg_baker", "sugg_baker")
        counts = [len(self._listed(self._page(f"/my/suggestions/page/{page}").text)) for page in (1, 2)]
        self.assertEqual(counts, [80, 5])

    def test_empty_lists_say_what_to_do(self):
        self.authenticate("sugg_person", "sugg_person")
        for query in ("", "?filterby=public", "?filterby=done"):
            self.assertIn("Tell us what could be better", self._page(f"/my/suggestions{query}").text)
        self.assertIn("No suggestion found for", self._page("/my/suggestions?search=parcels").text)

    def test_home_shows_the_card_and_counts(self):
        self._suggest("Mine", self.baker)
        self._suggest("Ours", self.helper)
        self._suggest("Theirs", self.kiosk)
        self.assertIn("/my/suggestions", self._page("/my", self.baker_user).text)
        result = self.make_jsonrpc_request("/my/counters", {"counters": ["suggestion_count"]})
        self.assertEqual(result["suggestion_count"], 2)

    def test_employees_reach_the_portal_too(self):
        for user in (self.internal, self.clerk):
            self.assertIn("not made a suggestion", self._page("/my/suggestions", user).text)
            self._page("/my/suggestions/new")
        suggestion = self._suggest("Smaller parcels", self.baker)
        self._post(f"/my/suggestions/{suggestion.id}/support", {"support": "1"})
        self.assertEqual(suggestion.support_count, 0, "employees are no customers")

    def test_own_page(self):
        suggestion = self._suggest("Smaller parcels", self.helper, state="new", public=False, user_id=self.clerk.id)
        self.env.flush_all()
        self.cr.precommit.run()
        suggestion.stage_id = self.stages["planned"]
        self.cr.precommit.run()
        suggestion.message_post(body="Secret among us", subtype_xmlid="mail.mt_note")
        text = self._page(f"/my/suggestions/{suggestion.id}", self.baker_user).text
        for said in (suggestion.number, "Sugg Helper", "Carla Clerk", "Parcels", "Private", "o_portal_chatter"):
            self.assertIn(said, text)
        self.assertNotIn("Secret among us", text)
        self.assertNotIn("Why we declined", text)
        steps = suggestion._timeline()
        self.assertEqual(
            [(step["name"], step["state"], bool(step["date"])) for step in steps],
            [
                ("New", "done", True), ("Under Review", "done", False), ("Accepted", "done", False),
                ("Planned", "current", True), ("Implemented", "next", False),
            ],
        )

    def test_customer_writes_on_the_own_suggestion(self):
        suggestion = self._suggest("Smaller parcels", self.helper, user_id=self.clerk.id)
        self.authenticate("sugg_baker", "sugg_baker")
        self.make_jsonrpc_request("/mail/message/post", {
            "thread_model": "customer.suggestion", "thread_id": suggestion.id,
            "post_data": {
                "body": "Any news?", "message_type": "comment", "subtype_xmlid": "mail.mt_comment",
            },
        })
        message = suggestion.message_ids.filtered(lambda message: "Any news?" in (message.body or ""))
        self.assertEqual((message.author_id, message.is_internal), (self.baker, False))

    def test_declined_page(self):
        suggestion = self._suggest("Smaller parcels", self.baker)
        suggestion.write({"decline_reason": "Too <dear>", "stage_id": self.stages["declined"].id})
        self.cr.precommit.run()
        text = self._page(f"/my/suggestions/{suggestion.id}", self.baker_user).text
        self.assertIn("Too &lt;dear&gt;", text)
        self.assertEqual(suggestion._timeline()[-1]["name"], "Declined")
        text = self._page(f"/my/suggestions/{suggestion.id}", self.kiosk_user).text
        self.assertIn("Declined", text)
        self.assertNotIn("dear", text, "the reason is for who proposed it")

    def test_public_page_tells_nothing_of_others(self):
        suggestion = self._suggest(
            "Smaller parcels", self.kiosk, user_id=self.clerk.id, expected_benefit="high",
            benefit_description="We would save a van",
        )
        self._support(suggestion, self.person)
        suggestion.message_post(body="A message of the kiosk", author_id=self.kiosk.id, subtype_xmlid="mail.mt_comment")
        text = self._page(f"/my/suggestions/{suggestion.id}", self.baker_user).text
        for said in ("Smaller parcels, please", "Parcels", "Under Review", 'name="support" value="1"'):
            self.assertIn(said, text)
        for unsaid in ("Kiosk", "Carla", "Sugg Person", "save a van", "A message", "o_portal_chatter", "High"):
            self.assertNotIn(unsaid, text)

    def test_support_and_back(self):
        suggestion = self._suggest("Smaller parcels", self.kiosk)
        url = f"/my/suggestions/{suggestion.id}/support"
        self.authenticate("sugg_baker", "sugg_baker")
        response = self._post(url, {"support": "1"})
        self.assertIn("You support this suggestion", response.text)
        self.assertIn('aria-pressed="true"', response.text)
        self._post(url, {"support": "1"})
        self.assertEqual(suggestion.support_ids.partner_id, self.baker)
        self.authenticate("sugg_helper", "sugg_helper")
        self._post(url, {"support": "1"})
        self.assertEqual(suggestion.support_count, 2, "each contact of a family counts")
        self._post(url, {"support": "0"})
        self.assertEqual(suggestion.support_ids.partner_id, self.baker)
        suggestion.stage_id = self.stages["implemented"]
        self.authenticate("sugg_baker", "sugg_baker")
        response = self._post(url, {"support": "0"})
        self.assertIn("can no longer be supported", response.text)
        self.assertEqual(suggestion.support_count, 1, "too late to take it back")

    def test_merged_page_leads_on(self):
        target = self._suggest("One invoice a month", self.kiosk, state="planned")
        source = self._suggest("Monthly invoices", self.baker, public=False)
        source._merge_into(target)
        text = self._page(f"/my/suggestions/{source.id}", self.baker_user).text
        self.assertIn(f'href="/my/suggestions/{target.id}"', text)
        self.assertIn("Planned", text)
        self.assertEqual(self._listed(self._page("/my/suggestions").text), [str(source.id)])
        target.is_public = False
        text = self._page(f"/my/suggestions/{source.id}").text
        self.assertIn("merged it with a similar suggestion", text)
        self.assertNotIn("One invoice a month", text)

    def test_new(self):
        product, foreign = self.env["product.product"].create([{"name": "Thing"}, {"name": "Foreign"}])
        for partner, item in ((self.helper, product), (self.kiosk, foreign)):
            self.env["sale.order"].create({
                "partner_id": partner.id, "company_id": self.company.id,
                "order_line": [(0, 0, {"product_id": item.id})],
            }).action_confirm()
        text = self._page("/my/suggestions/new", self.baker_user).text
        self.assertIn("Thing", text)
        self.assertNotIn("Foreign", text)
        response, suggestion = self._new(
            [("attachments", ("a.txt", io.BytesIO(b"first"))), ("attachments", ("b.txt", io.BytesIO(b"second")))],
            description="One\n<script>alert(1)</script>", benefit="A van", is_public="1",
            area_id=str(self.area.id), product_id=str(product.id),
        )
        self.assertIn("Thank you. We will review your suggestion", response.text)
        self.assertTrue(response.url.endswith(f"/my/suggestions/{suggestion.id}"))
        self.assertEqual(
            (suggestion.name, suggestion.partner_id, suggestion.company_id, suggestion.product_id, suggestion.area_id),
            ("Smaller parcels", self.baker, self.company, product, self.area),
        )
        self.assertTrue(suggestion.is_public)
        self.assertEqual((suggestion.state, suggestion.benefit_description), ("new", "A van"))
        self.assertRegex(suggestion.number, r"^CS\d{5}$")
        self.assertIn("&lt;script&gt;", suggestion.description)
        self.assertNotIn("<script>", response.text.split("o_suggestion_text")[1].split("aside")[0])
        message = suggestion.message_ids.filtered("attachment_ids")
        self.assertEqual(message.author_id, self.baker)
        self.assertEqual(sorted(message.attachment_ids.mapped("raw")), [b"first", b"second"])
        self.assertIn(self.baker, suggestion.message_partner_ids, "answers reach who proposed it")
        response, other = self._new([("attachments", ("a.txt", io.BytesIO(b"")))], name="Empty file")
        self.assertEqual(other.name, "Empty file")

    def test_bad_input_keeps_what_was_typed(self):
        self.authenticate("sugg_baker", "sugg_baker")
        known = self.env["customer.suggestion"].search_count([])
        cases = [
            ({"description": " \n "}, "Please describe your suggestion."),
            ({"name": "   "}, "Please enter a subject."),
            ({"name": "x" * 121}, "at most"),
            ({"description": "x" * 20_001}, "The text is too long"),
            ({"area_id": "999999"}, "Please choose from the list."),
            ({"area_id": "1 OR 1=1"}, "Please choose from the list."),
            ({"product_id": "²"}, "Please choose from the list."),
        ]
        for data, said in cases:
            with self.subTest(data=str(data)[:40]):
                response, _last = self._new(benefit="Kept <words>", is_public="1", **data)
                self.assertIn(said, response.text)
                self.assertIn("Kept &lt;words&gt;", response.text)
                self.assertIn('checked="checked"', response.text)
                if "name" not in data:
                    self.assertIn('value="Smaller parcels"', response.text)
        self.assertEqual(self.env["customer.suggestion"].search_count([]), known)

    def test_files_too_large_or_too_many(self):
        self.authenticate("sugg_baker", "sugg_baker")
        known = self.env["customer.suggestion"].search_count([])
        response, _last = self._new([("attachments", ("film.mp4", io.BytesIO(b"0" * 30 * MB)))])
        self.assertEqual(response.status_code, 200)
        self.assertIn("film.mp4: each file may have at most 25 MB.", response.text)
        self.assertIn("Half the size", response.text)
        response, _last = self._new([("attachments", (f"{n}.txt", io.BytesIO(b"0"))) for n in range(11)])
        self.assertIn("Please send at most 10 files.", response.text)
        response, _last = self._new([("attachments", ("a.txt", io.BytesIO(b"0")))], name="")
        self.assertIn("Please choose your files again.", response.text)
        self.assertEqual(self.env["customer.suggestion"].search_count([]), known)
        _response, suggestion = self._new([("attachments", ("exact.bin", io.BytesIO(b"0" * 10 * MB)))])
        self.assertEqual(suggestion.message_ids.attachment_ids.file_size, 10 * MB)
