import re
import time
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.voice.customer_voice_flood import LIMITS
from ..portal_case import PortalCase

NOISE = ("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
PUBLIC = "/complaints/new"
FORM = "/my/complaints/new"
SUGGEST = "/my/suggestions/new"


@tagged("post_install", "-at_install")
class TestPortalLimits(PortalCase):
    """How much accounts, links and visitors may send within an hour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_public_form = True
        cls.flood = cls.env["customer.voice.flood"]
        cls.flood.search([]).unlink()
        cls.suggestion = cls.env["customer.suggestion"].create({
            "name": "Brighter lamps", "partner_id": cls.anna.partner_id.id, "company_id": cls.company.id,
        })

    def _limit(self, **limits):
        for kind, limit in limits.items():
            self.env["ir.config_parameter"].set_param(f"crm_customer_value.limit_{kind}", limit)

    def _count(self, model):
        return self.env[model].search_count([])

    def _later(self, minutes):
        self.env.cr.execute(
            "UPDATE customer_voice_flood SET start = start - make_interval(mins => %s)", [minutes]
        )

    # M7: complaints, suggestions, votes, messages

    def test_complaints_of_an_account(self):
        """As many as the limit; then none for an hour, with a word when, and nothing entered is lost."""
        self._limit(account_complaint=3)
        self._login(self.anna)
        before = self._count("customer.complaint")
        for number in range(3):
            self._post(FORM, {"text": f"Lamp {number}"})
        self._later(20)
        refused = self._post(FORM, {"text": "The fourth lamp"}, files={"files": ("a.txt", b"x")})
        self.assertEqual(self._count("customer.complaint"), before + 3)
        self.assertIn("try again in 40 minutes", refused.text)
        self.assertIn("The fourth lamp", refused.text)
        self._later(39)
        self.assertIn("try again in a minute", self._post(FORM, {"text": "The fourth lamp"}).text)
        self._login(self.alex)
        self._post(FORM, {"text": "Another account"})
        self.assertEqual(self._count("customer.complaint"), before + 4)
        self._later(41)
        self._login(self.anna)
        self._post(FORM, {"text": "An hour later"})
        self.assertEqual(self._count("customer.complaint"), before + 5)

    def test_thirty_in_a_row(self):
        self._login(self.anna)
        before = self._count("customer.complaint")
        for number in range(30):
            self._post(FORM, {"text": f"Lamp {number}"})
        self.assertEqual(self._count("customer.complaint"), before + 10)

    def test_suggestions_and_votes_of_an_account(self):
        self._limit(account_suggestion=2, account_vote=1)
        self._login(self.bob)
        before = self._count("customer.suggestion")
        for number in range(2):
            self._post(SUGGEST, {"name": f"Idea {number}", "description": "Words"})
        refused = self._post(SUGGEST, {"name": "Third idea", "description": "Words"})
        self.assertEqual(self._count("customer.suggestion"), before + 2)
        self.assertIn("try again in 60 minutes", refused.text)
        self.assertIn("Third idea", refused.text)
        self.suggestion.write({
            "is_public": True,
            "stage_id": self.env["customer.suggestion.stage"].search([("state", "=", "review")], limit=1).id,
        })
        vote = f"/my/suggestions/{self.suggestion.id}/support"
        self._post(vote, {"support": "1"}, form_url=FORM)
        refused = self._post(vote, {"support": "0"}, form_url=FORM)
        self.env.invalidate_all()
        self.assertEqual(self.suggestion.support_ids.partner_id, self.bob.partner_id)
        self.assertIn("try again in 60 minutes", refused.text)

    @mute_logger(*NOISE)
    def test_messages_of_an_account(self):
        """By page and by program together, whatever the conversation; what is refused for its own sake counts not."""
        self._limit(account_post=3)
        self._login(self.anna)
        place = {"thread_model": "customer.suggestion", "thread_id": self.suggestion.id, "post_data": {"body": "x"}}
        self._refused(self._call("customer.complaint", "message_post", self.foreign.ids, body="x"))
        self._refused(self._rpc("/mail/message/post", **{**place, "thread_id": 999_999_999}))
        self.assertIn("result", self._rpc("/mail/message/post", **place))
        self.assertIn("result", self._call("customer.complaint", "message_post", self.mine.ids, body="x"))
        self.assertIn("result", self._rpc("/mail/message/post", **place))
        for answer in (
            self._rpc("/mail/message/post", **place),
            self._call("customer.complaint", "message_post", self.mine.ids, body="x"),
        ):
            self.assertIn("try again in 60 minutes", str(answer["error"]))
        self.mine.write({"severity": "low", "stage_id": self._stage("closed").id})
        answer = self._post(f"{self.mine.access_url}/reopen", {"reason": "x"}, form_url=self.mine.access_url)
        self.assertIn("try again in 60 minutes", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.mine.state, "closed")

    @mute_logger("odoo.sql_db")
    def test_limits_hold_for_two_at_once(self):
        """Requests of the same moment queue up: while one is counted, no other is, so none counts twice."""
        self._limit(account_complaint=1)
        self.assertTrue(self.flood._take_room(("account_complaint", str(self.anna.id))))
        # Without waiting: a database whose clock is moved never ends a wait by itself.
        with db_connect(self.env.cr.dbname).cursor() as other, self.assertRaises(LockNotAvailable):
            other.execute("LOCK TABLE customer_voice_flood IN SHARE ROW EXCLUSIVE MODE NOWAIT")
        self.assertFalse(self.flood._take_room(("account_complaint", str(self.anna.id))))

    # M7: files

    def _upload(self, thread, size=10, token=None):
        """Upload a file as the page does; return the answer."""
        self.url_open("/web/login")
        html = self._page(f"{thread.access_url}{f'?access_token={token}' if token else ''}")
        return self.url_open("/mail/attachment/upload", files={"ufile": ("x.txt", b"x" * size)}, data={
            "csrf_token": re.search(r'csrf_token["\']?:\s*["\'](\w+)', html)[1], "is_pending": "true",
            "thread_model": thread._name, "thread_id": thread.id, **({"token": token} if token else {}),
        })

    @mute_logger(*NOISE)
    def test_files_of_a_link(self):
        """So many, and so large together, before any of them is stored; of complaints and suggestions."""
        self._limit(files=3, kilobytes=100)
        self.authenticate(None, None)
        for thread in (self.mine, self.suggestion):
            self.flood.search([]).unlink()
            token = thread._portal_ensure_token()
            before = self._count("ir.attachment")
            for __ in range(3):
                self.assertIn("data", self._upload(thread, token=token).json())
            self.assertIn("try again in 60 minutes", self._upload(thread, token=token).json()["error"])
            self.assertEqual(self._count("ir.attachment"), before + 3)
            self.flood.search([]).unlink()
            self.assertIn("error", self._upload(thread, size=101 * 1024, token=token).json())
            self.assertEqual(self._count("ir.attachment"), before + 3)
            self.assertEqual(self._upload(thread, size=99 * 1024, token=token).status_code, 200)
            self.assertEqual(self._count("ir.attachment"), before + 4)

    @mute_logger(*NOISE)
    def test_files_of_an_account(self):
        """By upload and by the forms of complaints and suggestions together; one file has a limit of its own."""
        self._limit(files=3)
        self._login(self.anna)
        self.assertIn("data", self._upload(self.mine).json())
        complaints = self._count("customer.complaint")
        two = [("files", (name, b"x")) for name in ("a.txt", "b.txt")]
        self._post(FORM, {"text": "Two files"}, files=two)
        self.assertEqual(self._count("customer.complaint"), complaints + 1)
        refused = self._post(FORM, {"text": "Two more"}, files=two)
        self.assertIn("try again in 60 minutes", refused.text)
        refused = self._post(SUGGEST, {"name": "Idea", "description": "x"}, files=[("attachments", ("c.txt", b"x"))])
        self.assertIn("try again in 60 minutes", refused.text)
        self.assertIn("error", self._upload(self.suggestion).json())
        self.assertEqual(self._count("customer.complaint"), complaints + 1)
        self._limit(files=40)
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 5000)
        files = self._count("ir.attachment")
        for thread in (self.mine, self.suggestion):
            self._upload(thread, size=5001)
        self.assertEqual(self._count("ir.attachment"), files)

    # L6

    def _send_public(self, **data):
        self.authenticate(None, None)
        return self._post(PUBLIC, {"sender": "Nora", "email": "nora@nowhere.example", "text": "Dark", **data})

    def test_addresses_of_one_household_are_one(self):
        """Of IPv6 the first 64 bits count, however the address is written; of IPv4 all."""
        for number in range(LIMITS["ip"]):
            self.assertTrue(self.flood._admit(f"2001:db8:1:2::{number:x}", f"a{number}@x.example"))
        self.assertFalse(self.flood._admit("2001:db8:1:2:ffff:1:2:3", "b@x.example"))
        self.assertFalse(self.flood._admit("2001:0DB8:0001:0002:0:0:0:99", "c@x.example"))
        self.assertTrue(self.flood._admit("2001:db8:1:3::1", "d@x.example"))
        for number in range(LIMITS["ip"]):
            self.assertTrue(self.flood._admit("::ffff:9.8.7.6", f"e{number}@x.example"))
        self.assertFalse(self.flood._admit("9.8.7.6", "f@x.example"))
        self.assertTrue(self.flood._admit("9.8.7.5", "f@x.example"))
        for number in range(LIMITS["post_ip"]):
            self.flood._admit_post(f"2001:db8:1:2::{number:x}", self.foreign)
        self.assertFalse(self.flood._admit_post("2001:db8:1:2::ffff", self.mine))
        for odd in ("", None, "nonsense", "fe80::1%eth0"):
            self.assertTrue(self.flood._admit_try(odd))

    def test_one_household_does_not_close_the_form(self):
        """479 addresses of one /64 leave room for everybody else, also those of a whole /48."""
        for number in range(479):
            self.flood._admit(f"2001:db8:1:2::{number:x}", f"a{number}@x.example")
        for number in range(479):
            self.flood._admit(f"2001:db8:2:{number:x}::1", f"b{number}@x.example")
        before = self._count("customer.complaint")
        self.assertNotIn("as a person", self._send_public().text)
        self.assertEqual(self._count("customer.complaint"), before + 1)

    def test_very_many_complaints_ask_for_an_answer(self):
        """The form stays open for people; an answer counts once, soon enough and not too soon."""
        self._limit(all=1)
        self._send_public()
        before = self._count("customer.complaint")
        page = self._send_public(text="Kept words", email="other@nowhere.example")
        self.assertIn("Kept words", page.text)
        self.assertEqual(self._count("customer.complaint"), before)
        mark = self._hidden(page.text, "question_mark")
        first, second = map(int, re.search(r"How much is (\d+) plus (\d+)", page.text).groups())
        answer = {"question_mark": mark, "question_answer": str(first + second), "email": "other@nowhere.example"}
        now = time.time()

        def send(seconds, **data):
            with patch.object(time, "time", lambda: now + seconds):
                response = self._send_public(**{**answer, **data})
            return response, self._count("customer.complaint") - before

        self.assertEqual(send(0)[1], 0, "no person is so quick")
        self.assertEqual(send(10, question_answer="1")[1], 0)
        self.assertEqual(send(10, question_answer="")[1], 0)
        self.assertEqual(send(10, question_mark=mark.replace("-", "-0", 1))[1], 0)
        for odd in ("", "-", "²-a-b", "1-2", "9" * 500, "\0"):
            self.assertEqual(send(10, question_mark=odd)[1], 0, odd)
        self.assertEqual(send(4000)[1], 0, "too late")
        self.assertEqual(send(10)[1], 1)
        page, count = send(11)
        self.assertEqual(count, 1, "once")
        self.assertIn("question_answer", page.text)
