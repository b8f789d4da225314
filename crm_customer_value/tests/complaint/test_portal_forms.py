import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...controllers.voice.customer_form import MAX_FILE_SIZE
from ..common import channel
from ..portal_case import PortalCase

NEW = "/my/complaints/new"
PUBLIC = "/complaints/new"


@tagged("post_install", "-at_install")
class TestPortalForms(PortalCase):
    """What customers send, and what else somebody could try to send."""

    def _new(self):
        return self.env["customer.complaint"].search([], order="id desc", limit=1)

    def _count(self):
        return self.env["customer.complaint"].search_count([])

    def test_send(self):
        """A complaint in under a minute: one's order, its product, a photo, a wish."""
        self._login(self.anna)
        line = self.order.order_line
        response = self._post(NEW, {
            "text": "It fell apart.\nOn the first day.", "order_id": self.order.id, "line_id": line.id,
            "wanted_remedy": "refund",
        }, files=[("files", ("a.png", b"photo one")), ("files", ("b.txt", b"two"))])
        new = self._new()
        self.assertTrue(response.url.endswith(f"{new.access_url}?note=sent"))
        self.assertIn("It fell apart.", response.text)
        self.assertEqual(
            (new.name, new.partner_id, new.channel_code, new.order_id, new.order_line_id, new.product_id,
             new.wanted_remedy, new.company_id, new.state),
            ("It fell apart.", self.anna.partner_id, "portal", self.order, line, self.product, "refund",
             self.company, "received"),
        )
        message = new.message_ids.filtered("attachment_ids")
        self.assertEqual(sorted(message.attachment_ids.mapped("name")), ["a.png", "b.txt"])
        self.assertEqual(message.author_id, self.anna.partner_id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertNotIn("two", self.url_open(f"/web/content/{message.attachment_ids[0].id}").text)

    def test_product_alone_names_the_order(self):
        """Without scripts one may choose a product and forget its order."""
        self._login(self.anna)
        self._post(NEW, {"text": "x", "line_id": self.order.order_line.id})
        self.assertEqual(self._new().order_id, self.order)

    def test_forbidden_fields_are_not_looked_at(self):
        """Whatever else a form holds goes nowhere."""
        self._login(self.anna)
        other = self.env["res.company"].create({"name": "Portal Forms Company"})
        closed = self._stage("closed")
        self._post(NEW, {
            "text": "x", "user_id": self.bob.id, "stage_id": closed.id, "company_id": other.id,
            "partner_id": self.beta.id, "severity": "low", "compensation": "1000000", "remedy": "refund",
            "state": "closed", "team_id": self.team.id, "number": "CC9", "amount_at_stake": "5",
            "access_token": "mine", "date_received": "2020-01-01 00:00:00",
            "channel_id": channel(self.env, "phone"),
        })
        new = self._new()
        self.assertEqual(
            (new.partner_id, new.company_id, new.compensation, new.remedy, new.channel_code, new.state, new.severity),
            (self.anna.partner_id, self.company, 0.0, False, "portal", "received", "medium"),
        )
        self.assertNotEqual(new.user_id, self.bob)
        self.assertNotEqual(new.number, "CC9")
        self.assertNotEqual(new.access_token, "mine")
        self.assertGreater(new.date_received, fields.Datetime.now() - timedelta(hours=1))

    def test_others_orders(self):
        """Another customer's order or product is refused, and not named."""
        self._login(self.anna)
        count = self._count()
        second = self._order(self.alpha)
        for data in (
            {"order_id": self.foreign_order.id},
            {"line_id": self.foreign_order.order_line.id},
            {"order_id": self.order.id, "line_id": self.foreign_order.order_line.id},
            {"order_id": self.order.id, "line_id": second.order_line.id},
            {"order_id": "abc"}, {"line_id": "-1"}, {"wanted_remedy": "a million"},
        ):
            response = self._post(NEW, {"text": "kept text", **data})
            self.assertIn("kept text", response.text)
            self.assertNotIn(self.foreign_order.name, response.text)
            self.assertIn("is-invalid", response.text, data)
        self.assertEqual(self._count(), count)
        self.assertNotIn(self.foreign_order.name, self._page(NEW))
        draft = self._order(self.alpha)
        draft.state = "draft"
        self.assertNotIn(f'value="{draft.id}"', self._page(NEW))
        # Deleted between opening the form and sending it.
        number = second.id
        second.state = "cancel"
        second.unlink()
        self.assertIn("is-invalid", self._post(NEW, {"text": "x", "order_id": number}).text)

    def test_bad_input(self):
        """Nothing, a script, a huge file, too many files: said clearly, and the input stays."""
        self._login(self.anna)
        count = self._count()
        for text in ("", "   \n\t "):
            response = self._post(NEW, {"text": text, "name": "Kept subject", "wanted_remedy": "repair"})
            self.assertIn("Please tell us what happened.", response.text)
            self.assertIn('value="Kept subject"', response.text)
        big = b"0" * (MAX_FILE_SIZE + 1)
        for name, data, files in (
            ("big.bin: each file may have at most 25 MB", {"text": "kept text"}, [("files", ("big.bin", big))]),
            ("at most 10 files", {"text": "kept text"}, [("files", (f"{i}.txt", b"x")) for i in range(11)]),
        ):
            response = self._post(NEW, data, files=files)
            self.assertIn(name, response.text)
            self.assertIn("kept text", response.text)
        self.assertEqual(self._count(), count)
        self._post(NEW, {"text": "<script>alert(1)</script><img src=x onerror=alert(1)>", "name": "<b>bold</b>"})
        new = self._new()
        self.assertNotIn("<script", new.description)
        self.assertNotIn("<img", new.description)
        page = self._page(new.access_url)
        self.assertNotIn("<script>alert", page)
        self.assertNotIn("<img src=x", page)
        self.assertNotIn("<b>bold", page)

    def test_files_stay_text(self):
        """A page or a drawing with a script is not served as such."""
        self._login(self.anna)
        self._post(NEW, {"text": "x"}, files=[
            ("files", ("a.html", b"<html><script>alert(1)</script></html>")),
            ("files", ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")),
        ])
        self.assertEqual(set(self._new().message_ids.attachment_ids.mapped("mimetype")), {"text/plain"})

    def test_sent_twice(self):
        """The same form makes one complaint; a made-up mark is replaced."""
        self._login(self.anna)
        html = self._page(NEW)
        data = {name: self._hidden(html, name) for name in ("csrf_token", "key")}
        count = self._count()
        first = self.url_open(NEW, data={**data, "text": "once"})
        with mute_logger("odoo.sql_db"):
            second = self.url_open(NEW, data={**data, "text": "once"})
        self.assertEqual(self._count(), count + 1)
        self.assertEqual(second.url, first.url)
        self._login(self.bob)
        self.assertTrue(self.url_open(f"{NEW}?sent={data['key']}").url.endswith("/my/complaints"))
        self._post(NEW, {"text": "x", "key": "1"})
        self.assertNotEqual(self._new().portal_key, "1")

    def test_forms_need_their_token(self):
        self._login(self.anna)
        count = self._count()
        with mute_logger("odoo.http"):
            for url in (NEW, f"{self.mine.access_url}/reopen", f"{self.mine.access_url}/confirm"):
                self.assertEqual(self.url_open(url, data={"text": "x", "reason": "x"}).status_code, 400)
        self.assertEqual(self._count(), count)

    def _close(self, complaint, date=None):
        complaint.write({"severity": "low", "stage_id": self._stage("closed").id})
        if date:
            complaint.date_closed = date

    def test_reopen(self):
        """With a reason, within the days the company grants; the last minute counts, the next does not."""
        self._login(self.anna)
        self.company.complaint_reopen_days = 14
        url = f"{self.mine.access_url}/reopen"
        for now, late in (("2026-03-15 10:00:59", False), ("2026-03-15 10:01:00", True)):
            self._close(self.mine, "2026-03-01 10:00:00")
            with freeze_time(now):
                self.assertEqual(self.mine._portal_may_reopen(), not late)
        self._close(self.mine, fields.Datetime.now() - timedelta(days=13))
        response = self._post(url, {"reason": "  "}, form_url=self.mine.access_url)
        self.assertIn("Please tell us why", response.text)
        self.assertEqual(self.mine.state, "closed")
        response = self._post(url, {
            "reason": "Broken <script>again</script>", "user_id": self.bob.id, "stage_id": self._stage("answered").id,
        }, form_url=self.mine.access_url)
        self.assertIn("note=reopened", response.url)
        self.mine.invalidate_recordset()
        self.assertEqual((self.mine.state, self.mine.reopen_count), ("handling", 1))
        self.assertEqual(self.mine.user_id, self.employee)
        self.assertTrue(any("again" in message.body for message in self.mine.message_ids))
        self.assertFalse(any("<script" in message.body for message in self.mine.message_ids))

    def test_reopen_too_late(self):
        """Friendly words, on the page and to whoever sends the form all the same."""
        self._login(self.anna)
        self._close(self.mine, fields.Datetime.now() - timedelta(days=15))
        page = self._page(self.mine.access_url)
        self.assertIn("can no longer be reopened", page)
        self.assertNotIn("/reopen", page)
        response = self._post(f"{self.mine.access_url}/reopen", {"reason": "late"}, form_url=NEW)
        self.assertIn("can no longer be reopened", response.text)
        self.assertEqual(self.mine.state, "closed")

    def test_confirm(self):
        """What is answered is closed; a severe one whose cause is unknown is marked instead."""
        self._login(self.anna)
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        response = self._post(f"{self.mine.access_url}/confirm", form_url=self.mine.access_url)
        self.assertIn("note=closed", response.url)
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.state, "closed")
        self.assertTrue(self.mine.customer_confirmed)
        self.colleagues.write({"root_cause": False, "stage_id": self._stage("answered").id})
        response = self._post(f"{self.colleagues.access_url}/confirm", form_url=self.colleagues.access_url)
        self.assertIn("note=confirmed", response.url)
        self.assertNotIn("root cause", response.text)
        self.colleagues.invalidate_recordset()
        self.assertEqual(self.colleagues.state, "answered")
        self.assertTrue(self.colleagues.customer_confirmed)
        told = self.env["mail.message"].search([
            ("model", "=", "customer.complaint"), ("res_id", "=", self.colleagues.id),
            ("partner_ids", "in", self.employee.partner_id.ids),
        ])
        self.assertTrue(told)
        self.assertNotIn("/confirm", self._page(self.colleagues.access_url))

    def test_answer_refused(self):
        """Not solved: an answer is not the end."""
        self._login(self.anna)
        self.mine.stage_id = self._stage("answered")
        self._post(f"{self.mine.access_url}/reopen", {"reason": "Still dark"}, form_url=self.mine.access_url)
        self.mine.invalidate_recordset()
        self.assertEqual((self.mine.state, self.mine.reopen_count), ("handling", 0))
        message = self.mine.message_ids.filtered(lambda message: "Still dark" in message.body)
        self.assertEqual(message.author_id, self.anna.partner_id)
        # Whoever of the family says so is the one who said it.
        self.colleagues.stage_id = self._stage("answered")
        url = self.colleagues.access_url
        self._post(f"{url}/reopen", {"reason": "Still late"}, form_url=url)
        message = self.colleagues.message_ids.filtered(lambda message: "Still late" in message.body)
        self.assertEqual(message.author_id, self.anna.partner_id)

    def test_others_complaints(self):
        """Neither numbers nor tokens open the forms of somebody else's complaint."""
        token = self.mine._portal_ensure_token()
        self.foreign.write({"severity": "low", "stage_id": self._stage("answered").id})
        self._login(self.anna)
        for action in ("confirm", "reopen"):
            for data in ({}, {"access_token": token}, {"access_token": "x"}):
                response = self._post(
                    f"{self.foreign.access_url}/{action}", {"reason": "x", **data}, form_url=NEW
                )
                self.assertTrue(response.url.endswith("/my"))
        self.foreign.invalidate_recordset()
        self.assertEqual(self.foreign.state, "answered")

    def test_actions_by_link(self):
        """Whoever has the link may do the same with that complaint, and comes back to it."""
        self.mine.write({"severity": "low", "stage_id": self._stage("answered").id})
        token = self.mine._portal_ensure_token()
        self.authenticate(None, None)
        url = f"{self.mine.access_url}?access_token={token}"
        response = self._post(
            f"{self.mine.access_url}/reopen", {"reason": "By link", "access_token": token}, form_url=url
        )
        self.assertIn(token, response.url)
        self.assertIn("We have reopened your complaint", response.text)
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.state, "handling")

    def test_reopened_by_nobody(self):
        """An unknown sender who gave a customer's address is not taken for that customer."""
        self.unassigned.email_from = self.bob.partner_id.email
        self._close(self.unassigned)
        token = self.unassigned._portal_ensure_token()
        self.authenticate(None, None)
        response = self._post(
            f"{self.unassigned.access_url}/reopen", {"reason": "By a stranger", "access_token": token},
            form_url=f"{self.unassigned.access_url}?access_token={token}",
        )
        self.assertNotIn("Bob Beta", response.text)
        message = self.unassigned.message_ids.filtered(lambda message: "By a stranger" in message.body)
        self.assertEqual((len(message), message.author_id.id), (1, False))

    def test_notes_are_ours(self):
        """The address cannot put words on the page, nor lead away from it."""
        self._login(self.anna)
        page = self._page(
            f"{self.mine.access_url}?note=call+666&error=call+666&warning=call+666&success=call+666&problem=call+666"
        )
        self.assertNotIn("call 666", page)
        for query in ("redirect=//evil.example", "callback=//evil.example", "next=//evil.example"):
            response = self._post(f"{NEW}?{query}", {"text": "x"}, form_url=f"{NEW}?{query}")
            self.assertTrue(response.url.startswith(self.base_url()), response.url)
            self.assertNotIn("evil.example", re.sub(r"\?.*", "", response.url))

    def test_list(self):
        """Filters, search and order by what one may know; nonsense in the address does no harm."""
        self._login(self.anna)
        self.mine.stage_id = self._stage("answered")
        self.colleagues.write({"severity": "low", "stage_id": self._stage("closed").id})
        for query, mine, colleagues in (
            ("", True, True), ("filterby=open", True, False), ("filterby=waiting", True, False),
            ("filterby=closed", False, True), ("search=late", False, True),
            (f"search={self.order.name}&search_in=order", True, False),
            ("search=inner", False, False), ("sortby=promised", True, True), ("sortby=severity", True, True),
            ("filterby=x&search_in=root_cause&search=inner", False, False), ("search=%25%27%22%3C", False, False),
        ):
            page = self._page(f"/my/complaints?{query}")
            self.assertEqual(self.mine.name in page, mine, query)
            self.assertEqual(self.colleagues.name in page, colleagues, query)
        self.assertIn("No complaint matches", self._page("/my/complaints?search=nothing+of+that+kind"))
        self.assertEqual(self._rpc("/my/counters", counters=["complaint_count"])["result"], {"complaint_count": 1})

    def test_what_ended_tells_what_happened(self):
        """Steps that were left out are not shown as done; a refusal says why; a rating is shown."""
        self._login(self.anna)
        self.mine._acknowledge()
        self.mine.write({"severity": "low"})
        self.mine._close()
        self.assertEqual(
            [step["label"] for step in self.mine._portal_timeline()], ["Received", "Acknowledged", "Closed"]
        )
        self.assertIn("Rate Our Service", self._page(self.mine.access_url))
        self.mine._rate(2, 3, "Slow")
        page = self._page(self.mine.access_url)
        self.assertIn("★★☆☆☆", page)
        self.assertNotIn("Rate Our Service", page)
        self.colleagues._reject("It was used outdoors.")
        page = self._page(self.colleagues.access_url)
        self.assertIn("It was used outdoors.", page)
        self.assertNotIn("Answered", [step["label"] for step in self.colleagues._portal_timeline()])
