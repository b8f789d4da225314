import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .suggestion_case import SuggestionCase

HIDDEN_FIELDS = (
    "expected_benefit", "user_id", "product_id", "lead_id", "complaint_id", "support_ids", "merged_into_id",
    "merged_ids", "message_ids", "message_follower_ids", "message_partner_ids", "activity_ids", "told_date",
    "unreachable_partner_ids", "duration_tracking", "create_uid", "website_message_ids", "email_cc", "date_planned",
    "lead_stage_id", "shown_supporters_revenue", "supporters_revenue_note",
)


@tagged("post_install", "-at_install")
class TestSuggestionAttacks(SuggestionCase, HttpCase):
    """What a customer tries by other ways than the pages: each must fail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._suggest("Own", cls.baker, public=False, expected_benefit="high", user_id=cls.clerk.id)
        cls.familys = cls._suggest("Family's", cls.helper)
        cls.public = cls._suggest("Public", cls.kiosk, user_id=cls.clerk.id)
        cls.private = cls._suggest("Private", cls.kiosk, public=False)
        cls.fresh = cls._suggest("Fresh", cls.kiosk, state="new")
        cls.elsewhere = cls._suggest("Elsewhere", cls.kiosk, company_id=cls.other_company.id)
        cls._support(cls.own, cls.person)
        cls.note = cls.public.message_post(body="Note among us", subtype_xmlid="mail.mt_note")
        cls.message = cls.public.message_post(
            body="Said to the kiosk", subtype_xmlid="mail.mt_comment", attachments=[("plan.txt", b"The plan")]
        )
        cls.attachment = cls.message.attachment_ids

    def _as(self, record, user=None):
        return record.with_user(user or self.baker_user).with_context(allowed_company_ids=self.company.ids)

    @property
    def _model(self):
        return self._as(self.env["customer.suggestion"])

    def _refused(self, attempt):
        """Whatever the words: it must not succeed, and must not succeed later."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.models"):
                attempt()
                self.env.flush_all()
        except (AccessError, UserError, ValueError):
            self.env.invalidate_all()
            return
        self.fail("This must be refused.")

    def _post(self, path, data):
        return self.url_open(path, data={"csrf_token": Request.csrf_token(self), **data})

    # Records

    def test_reads_the_own_family_only(self):
        self.assertEqual(self._model.search([]).sudo(), self.own | self.familys)
        for foreign in (self.public, self.private, self.fresh, self.elsewhere):
            with self.subTest(foreign=foreign.name), self.assertRaises(AccessError):
                self._as(foreign).read(["name"])
        self.assertEqual(self._as(self.env["customer.suggestion"], self.person_user).search_count([]), 0)

    def test_parent_company_is_not_reached_by_a_private_person(self):
        child = self._partner("Sugg Child", parent_id=self.person.id)
        theirs = self._suggest("Child's", child, public=False)
        self.assertEqual(self._as(self.env["customer.suggestion"], self.person_user).search([]).sudo(), theirs)
        self.assertNotIn(theirs, self._model.search([]).sudo())

    def test_changes_nothing(self):
        attempts = [
            lambda: self._as(self.own).write({"name": "Changed"}),
            lambda: self._as(self.own).write({"stage_id": self.stages["accepted"].id}),
            lambda: self._as(self.own).unlink(),
            lambda: self._as(self.own).copy(),
            lambda: self._model.create({"name": "New", "partner_id": self.baker.id}),
            lambda: self._as(self.env["customer.suggestion.support"]).create(
                {"suggestion_id": self.public.id, "partner_id": self.kiosk.id}
            ),
            lambda: self._as(self.own).message_subscribe(self.kiosk.ids),
            lambda: self._as(self.own).action_create_opportunity(),
            lambda: self._as(self.env["customer.suggestion.merge"]).create(
                {"suggestion_ids": [Command.set(self.own.ids)], "target_id": self.familys.id}
            ),
            lambda: self._as(self.env["customer.suggestion.decline"]).create(
                {"suggestion_id": self.own.id, "reason": "No"}
            ),
        ]
        for number, attempt in enumerate(attempts):
            with self.subTest(number=number):
                self._refused(attempt)
        self.assertFalse(self._model.load(["name"], [["Imported"]])["ids"])
        self.assertEqual((self.own.name, self.own.state), ("Own", "review"))
        for model in ("customer.suggestion.support", "customer.suggestion.area", "customer.suggestion.stage"):
            with self.assertRaises(AccessError):
                self._as(self.env[model]).search([])

    # Fields

    @mute_logger("odoo.models")
    def test_hidden_fields_are_not_read(self):
        own = self._as(self.own)
        for name in HIDDEN_FIELDS:
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    own.read([name])
                with self.assertRaises(AccessError):
                    self._model.search_read([], [name])
                with self.assertRaises(AccessError):
                    self._model.web_search_read([], {name: {}})
                self._refused(lambda name=name: own.export_data([name]))
        self.assertFalse(set(own.fields_get()) & set(HIDDEN_FIELDS))
        self.assertEqual(own.read(["name", "handler_name"])[0]["handler_name"], "Carla Clerk")

    def test_hidden_fields_are_not_inferred(self):
        """Neither a search, nor an order, nor a group tells what must not be read."""
        for name in HIDDEN_FIELDS:
            with self.subTest(field=name):
                for domain in ([(name, "!=", False)], ["!", (name, "=", False)], ["|", ("id", ">", 0), (name, "=", 1)]):
                    with self.assertRaises(AccessError):
                        self._model.search(domain)
                    with self.assertRaises(AccessError):
                        self._model.search_count(domain)
                self._refused(lambda name=name: self._model.search([], order=f"{name} desc"))
                self._refused(lambda name=name: self._model.formatted_read_group([], [name], ["__count"]))
                self._refused(lambda name=name: self._model.formatted_read_group(
                    [], ["stage_id"], [f"{name}:count_distinct"]
                ))
        for path in ("message_partner_ids.name", "support_ids.partner_id.name", "user_id.login", "activity_ids.note"):
            with self.subTest(path=path), self.assertRaises(AccessError):
                self._model.search([(path, "like", "a")])
        for path in ("partner_id.user_ids.password", "area_id.user_id.login"):
            with self.subTest(path=path):
                self._refused(lambda path=path: self._model.search([(path, "like", "a")]))

    def test_foreign_records_are_not_inferred_through_own_fields(self):
        self.own.merged_into_id = self.private
        with self.assertRaises(AccessError):
            self._as(self.own).read(["merged_into_id"])
        with self.assertRaises(AccessError):
            self._as(self.env["res.partner"]).search([("suggestion_count", ">", 0)])
        with self.assertRaises(AccessError):
            self._as(self.baker).read(["suggestion_count"])

    def test_private_methods_are_no_endpoints(self):
        for name in ("_set_support", "_find_public", "_public_values", "_merge_into", "_cron_tell_implemented"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                call_kw(self._model, name, [[self.public.id]], {})

    def test_other_doors(self):
        """The same through JSON-2 and XML-RPC."""
        key = self.env["res.users.apikeys"].with_user(self.baker_user).sudo()._generate("rpc", "attack", None)
        headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": self.env.cr.dbname}

        def json2(method, **body):
            return self.url_open(
                f"/json/2/customer.suggestion/{method}", data=json.dumps(body),
                headers={**headers, "Content-Type": "application/json"},
            )

        with mute_logger("odoo.http"):
            answer = json2("search_read", domain=[], fields=["name"])
            self.assertEqual({row["name"] for row in answer.json()}, {"Own", "Family's"})
            self.assertEqual(json2("read", ids=self.own.ids, fields=["expected_benefit"]).status_code, 403)
            self.assertEqual(json2("read", ids=self.public.ids, fields=["name"]).status_code, 403)
            self.assertEqual(json2("write", ids=self.own.ids, vals={"name": "Changed"}).status_code, 403)
            self.assertEqual(json2("create", vals_list=[{"name": "New"}]).status_code, 403)
            self.assertGreaterEqual(json2("_set_support", suggestion_id=self.public.id, wanted=True).status_code, 400)
        self.authenticate("sugg_baker", "sugg_baker")
        for method, args in (
            ("read", [self.own.ids, ["expected_benefit"]]),
            ("search", [[("message_partner_ids", "!=", False)]]),
            ("write", [self.own.ids, {"is_public": True}]),
        ):
            with mute_logger("odoo.http"):
                response = self.url_open(
                    "/web/dataset/call_kw",
                    data=json.dumps({"params": {
                        "model": "customer.suggestion", "method": method, "args": args, "kwargs": {},
                    }}),
                    headers={"Content-Type": "application/json"},
                ).json()
            self.assertEqual(response["error"]["data"]["name"], "odoo.exceptions.AccessError")

    # Messages and attachments

    def test_messages_of_public_ones_stay_closed(self):
        messages = self._as(self.env["mail.message"])
        self.assertFalse(messages.search([
            ("model", "=", "customer.suggestion"), ("res_id", "in", (self.public | self.private).ids),
        ]))
        with self.assertRaises(AccessError):
            self._as(self.message).read(["body"])
        with self.assertRaises(AccessError):
            self._as(self.public).message_post(body="Hello")
        with self.assertRaises(AccessError):
            messages.create({"model": "customer.suggestion", "res_id": self.public.id, "body": "Hello"})
        with self.assertRaises(AccessError):
            self._as(self.attachment).read(["datas"])
        with self.assertRaises(AccessError):
            self._as(self.env["ir.attachment"]).create(
                {"name": "x", "raw": b"x", "res_model": "customer.suggestion", "res_id": self.public.id}
            )

    def test_notes_of_own_ones_stay_closed(self):
        note = self.own.message_post(body="Among us", message_type="comment", subtype_xmlid="mail.mt_note")
        comment = self.own.message_post(body="To you", subtype_xmlid="mail.mt_comment")
        found = self._as(self.env["mail.message"]).search([("id", "in", (note | comment).ids)])
        self.assertEqual(found.sudo(), comment)
        with self.assertRaises(AccessError):
            self._as(note).read(["body"])
        self.own._merge_into(self.private)
        for message in self.own.message_ids.filtered(lambda message: "Private" in message.body):
            with self.assertRaises(AccessError):
                self._as(message).read(["body"])

    def test_chatter_of_others(self):
        self.authenticate("sugg_baker", "sugg_baker")
        own_token = self.own._portal_ensure_token()
        self.public._portal_ensure_token()
        own_hash = {"hash": self.own._sign_token(self.baker.id), "pid": self.baker.id}
        for extra in ({}, {"token": own_token}, {"token": "guessed"}, own_hash):
            with self.subTest(extra=list(extra)), mute_logger("odoo.http"):
                answer = self.url_open(
                    "/mail/message/post",
                    data=json.dumps({"params": {
                        "thread_model": "customer.suggestion", "thread_id": self.public.id,
                        "post_data": {"body": "Intruder"}, **extra,
                    }}),
                    headers={"Content-Type": "application/json"},
                ).json()
                self.assertIn("error", answer)
                answer = self.url_open(
                    "/portal/chatter_init",
                    data=json.dumps({"params": {
                        "thread_model": "customer.suggestion", "thread_id": self.public.id, **extra,
                    }}),
                    headers={"Content-Type": "application/json"},
                ).text
                self.assertNotIn("Said to the kiosk", answer)
                answer = self.url_open(
                    "/mail/chatter_fetch",
                    data=json.dumps({"params": {
                        "thread_model": "customer.suggestion", "thread_id": self.public.id, "fetch_params": {}, **extra,
                    }}),
                    headers={"Content-Type": "application/json"},
                ).text
                self.assertNotIn("Said to the kiosk", answer)
        self.assertFalse(self.public.message_ids.filtered(lambda message: "Intruder" in (message.body or "")))

    def test_attachments_of_others(self):
        self.authenticate("sugg_baker", "sugg_baker")
        with mute_logger("odoo.http"):
            for query in ("", "?access_token=guessed", f"?access_token={self.own._portal_ensure_token()}"):
                response = self.url_open(f"/web/content/{self.attachment.id}{query}")
                self.assertNotIn("The plan", response.text)
        with self.assertRaises(AccessError):
            self._as(self.own).message_post(body="Look", attachment_ids=self.attachment.ids)
        self.assertEqual(self.attachment.res_id, self.public.id)

    # Pages

    def test_guessed_pages(self):
        self.authenticate("sugg_baker", "sugg_baker")
        for guessed in (self.private.id, self.fresh.id, self.elsewhere.id, 999_999_999):
            with self.subTest(guessed=guessed):
                self.assertTrue(self.url_open(f"/my/suggestions/{guessed}").url.endswith("/my"))
        self.authenticate(None, None)
        for closed in (self.public, self.own):
            response = self.url_open(f"/my/suggestions/{closed.id}")
            self.assertIn("/web/login", response.url)
            self.assertNotIn(closed.description, response.text)

    def test_tokens(self):
        token = self.private._portal_ensure_token()
        self.own._portal_ensure_token()
        self.authenticate(None, None)
        self.assertIn("Private, please", self.url_open(f"/my/suggestions/{self.private.id}?access_token={token}").text)
        for wrong in ("", "guessed", self.own.access_token):
            response = self.url_open(f"/my/suggestions/{self.private.id}?access_token={wrong}")
            self.assertIn("/web/login", response.url)
        public = self.url_open(f"/my/suggestions/{self.public.id}?access_token={token}")
        self.assertIn("/web/login", public.url)

    def test_supports_what_is_not_to_be_supported(self):
        merged = self._suggest("Merged", self.kiosk)
        merged._merge_into(self.private)
        done = self._suggest("Done", self.kiosk, state="implemented")
        own = self._suggest("Own public", self.baker)
        self.authenticate("sugg_baker", "sugg_baker")
        for closed in (self.private, self.fresh, self.elsewhere, self.own, merged, done, own):
            with self.subTest(closed=closed.name):
                before = closed.support_ids.partner_id
                self._post(f"/my/suggestions/{closed.id}/support", {"support": "1"})
                self.env.invalidate_all()
                self.assertEqual(closed.support_ids.partner_id, before)

    def test_supports_in_the_name_of_others(self):
        self.authenticate("sugg_baker", "sugg_baker")
        self._post(f"/my/suggestions/{self.public.id}/support", {
            "support": "1", "partner_id": self.person.id, "user_id": self.person_user.id,
        })
        self.env.invalidate_all()
        self.assertEqual(self.public.support_ids.partner_id, self.baker)
        self._post(f"/my/suggestions/{self.familys.id}/support", {"support": "0", "partner_id": self.person.id})
        self._support(self.familys, self.person)
        self._post(f"/my/suggestions/{self.familys.id}/support", {"support": "0"})
        self.env.invalidate_all()
        self.assertEqual(self.familys.support_ids.partner_id, self.person, "one takes back the own support only")

    def test_forged_requests(self):
        self.authenticate("sugg_baker", "sugg_baker")
        with mute_logger("odoo.http"):
            self.assertEqual(
                self.url_open(f"/my/suggestions/{self.public.id}/support", data={"support": "1"}).status_code, 400
            )
            self.assertEqual(
                self.url_open("/my/suggestions/new", data={"name": "A", "description": "B"}).status_code, 400
            )
            self.assertEqual(self.url_open(f"/my/suggestions/{self.public.id}/support").status_code, 405)
        self.assertFalse(self.public.support_ids)

    def test_mass_assignment(self):
        self.authenticate("sugg_baker", "sugg_baker")
        self._post("/my/suggestions/new", {
            "name": "Greedy", "description": "Text", "partner_id": self.kiosk.id, "user_id": self.clerk.id,
            "stage_id": self.stages["accepted"].id, "expected_benefit": "high", "number": "CS99999",
            "company_id": self.other_company.id, "support_count": "99", "decline_reason": "x", "state": "planned",
            "lead_id": "1", "complaint_id": "1", "active": "", "access_token": "mine", "support_ids": "[(0, 0, {})]",
            "told_date": "2020-01-01",
        })
        self.env.invalidate_all()
        created = self.env["customer.suggestion"].search([("name", "=", "Greedy")])
        self.assertEqual(
            (created.partner_id, created.company_id, created.state, created.support_count),
            (self.baker, self.company, "new", 0),
        )
        self.assertFalse(
            created.user_id or created.expected_benefit or created.decline_reason or created.lead_id
            or created.complaint_id or created.told_date
        )
        self.assertNotEqual(created.number, "CS99999")
        self.assertNotEqual(created.access_token, "mine")

    def test_harmful_files_are_harmless(self):
        self.authenticate("sugg_baker", "sugg_baker")
        self.url_open(
            "/my/suggestions/new",
            data={"csrf_token": Request.csrf_token(self), "name": "File", "description": "Text"},
            files=[("attachments", ("page.html", b"<html><script>alert(1)</script></html>", "text/html"))],
        )
        attachment = self.env["customer.suggestion"].search([("name", "=", "File")]).message_ids.attachment_ids
        self.assertEqual(attachment.mimetype, "text/plain")
