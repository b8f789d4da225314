"""What customers answer: thanks, more of the matter, or another matter; by e-mail and on the portal alike."""

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from ...models.complaint.answer_words import MORE, THANKS, UNCLEAR, read_answer, written_text
from ..complaint_mail_case import ComplaintMailCase

DAY = "2026-03-04 10:00:00"

SHORT_THANKS = (
    "Thank you!", "Thanks a lot, Anna", "Thx", "Danke!", "Vielen Dank für die schnelle Hilfe", "Merci beaucoup !",
    "Merci encore", "Muchas gracias", "Grazie mille!", "Grazie ancora", "Obrigado", "Bedankt!", "Hartelijk dank",
    "Dziękuję bardzo", "Děkuji", "Ďakujem", "Tack så mycket", "Tak", "Takk", "Kiitos", "Köszönöm szépen", "Mulțumesc",
    "Teşekkürler", "Спасибо большое", "Дякую", "Ευχαριστώ πολύ", "谢谢", "ありがとうございます。", "감사합니다", "شكرا",
    "👍",
    "Thanks, problem solved.", "It works perfectly now. Thank you.", "No problem, thanks", "ok", "Alles bestens, danke",
    "Vielen Dank und noch einen schönen Tag", "Thank you for your quick help. Have a nice weekend!", "Yes, solved.",
)
STILL_BROKEN = (
    "Thanks, but it is still broken", "No, it is still broken", "Danke, aber es geht immer noch nicht", "It broke.",
    "Merci, mais ça ne marche toujours pas", "Gracias, pero sigue roto", "Grazie, ma non funziona",
    "Obrigado, mas ainda não funciona", "Bedankt, maar het werkt niet", "Dziękuję, ale nadal nie działa",
    "Děkuji, ale stále nefunguje", "Tack, men det fungerar inte", "Спасибо, но не работает",
    "Köszönöm, de nem működik", "Kiitos, mutta se ei toimi", "Teşekkürler ama hala çalışmıyor",
    "Thanks. When will the refund come?", "Thanks, not solved", "Thank you for nothing", "Still the same problem",
    "Thank you. I have another problem with my printer.",
)


@tagged("post_install", "-at_install")
class TestComplaintThanks(ComplaintMailCase):
    def _closed(self, when=DAY, state="closed", **values):
        with freeze_time(when):
            complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id, **values)
            self._enter(complaint, state, **({"reject_reason": "Too late."} if state == "rejected" else {}))
        return complaint

    def test_words(self):
        for text in SHORT_THANKS:
            self.assertEqual(read_answer(f"<p>{text}</p>", ["Anna Miller"]), THANKS, text)
        for text in STILL_BROKEN:
            self.assertEqual(read_answer(f"<p>{text}</p>", ["Anna Miller"]), MORE, text)
        for text in ("", "Thanks, the blue parcel arrived in Berlin", "Hello Anna", "No thanks"):
            self.assertEqual(read_answer(f"<p>{text}</p>", ["Anna Miller"]), UNCLEAR, text)

    def test_files_say_more(self):
        self.assertEqual(read_answer("", files=True), MORE)
        self.assertEqual(read_answer("<p>Thanks</p>", files=True), MORE)

    def test_quotes_and_signatures_are_not_answers(self):
        plain = """<pre>Thanks!

Best regards
Anna Miller
Head of Broken Things, +43 1 2345678

On Mon, 3 Nov 2025 at 10:00, Desk &lt;desk@x.example&gt; wrote:
&gt; It is still not solved, is it?
</pre>"""
        self.assertEqual(read_answer(plain, ["Anna Miller"]), THANKS)
        for quote in (
            '<div class="gmail_quote"><div>On Monday Desk wrote:</div><blockquote>not broken?</blockquote></div>',
            '<hr><div id="divRplyFwdMsg">From: Desk</div><div>still broken?</div>',
            "<blockquote>still broken?</blockquote>",
            "<p>Von: Desk<br>Gesendet: Montag<br>An: Anna</p><p>kaputt?</p>",
            "<p>-----Original Message-----<br>still broken?</p>",
            "<p>Sent from my iPhone</p>",
            "<p>Am Mo., 3. Nov. 2025 um 10:00 Uhr<br>schrieb Desk &lt;desk@x.example&gt;:</p><p>kaputt?</p>",
        ):
            self.assertEqual(read_answer(f"<div><p>Thank you</p>{quote}</div>"), THANKS, quote)
        self.assertEqual(read_answer("<p>Thanks</p><p>Regards</p><p>Anna</p><p>PS: it is still broken</p>"), MORE)
        self.assertEqual(written_text("<p>One</p><blockquote>Two</blockquote>Three").split(), ["One", "Three"])

    def test_not_solved_is_handled_again(self):
        """As the portal's "Not solved": in handling, with a deadline, and nothing left to tick off."""
        by_mail, by_portal = (self._complaint(self.anna, stage_id=self.stages["answered"].id) for __ in range(2))
        self.assertEqual((by_mail.deadline_state, by_mail.clock_state), ("done", "done"))
        self._receive(self._reply(by_mail, body="No, it is still broken."))
        by_portal._customer_reopen("No, it is still broken.")
        for complaint in by_mail, by_portal:
            self.assertEqual((complaint.state, complaint.clock_state), ("handling", "running"))
            self.assertTrue(complaint.deadline)
            self.assertEqual(complaint.clock_round, 1)
            self.assertEqual(self._activities(complaint), {})
        self.assertEqual(by_mail.stage_id, by_portal.stage_id)

    def test_thanks_for_our_answer(self):
        complaint = self._complaint(self.anna, stage_id=self.stages["answered"].id)
        self._receive(self._reply(complaint, body="Thank you!"))
        self.assertEqual(complaint.state, "answered")
        self.assertEqual(self._activities(complaint), {"Customer Wrote": self.agent})

    def test_thanks_never_reopen(self):
        for state in ("closed", "rejected"):
            complaint = self._closed(state=state)
            with freeze_time("2026-03-05 10:00:00"):
                self.assertFalse(self._receive(self._reply(complaint, body="Thank you!\n\nRegards\nAnna")))
            self.assertEqual((complaint.state, complaint.reopen_count, complaint.is_missed), (state, 0, False))
            self.assertEqual(self._activities(complaint), {})
            self.assertEqual(len(complaint._emails_received()), 1)
            with freeze_time("2026-03-06 10:00:00"):
                self._receive(self._reply(complaint, body="Thanks, but it is still broken."))
            self.assertEqual((complaint.state, complaint.reopen_count), ("handling", 1))

    def test_doubtful_words_ask_a_person(self):
        complaint = self._closed()
        with freeze_time("2026-03-05 10:00:00"):
            self._receive(self._reply(complaint, body="Thanks, the blue parcel came to Berlin"))
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(self._activities(complaint), {"Customer Wrote": self.agent})

    def test_long_after_it_ended(self):
        """Closed on 4 March, 14 days to reopen: on 13 April, 40 days later, it is another complaint."""
        complaint = self._closed()
        with freeze_time("2026-04-13 10:00:00"):
            subject = f"Re: {complaint._proven_number()} Broken"
            mail = self._reply(complaint, subject=subject, body="The new one broke too.", to="x@y.example")
            new = self._receive(mail)
            self.assertEqual(len(new), 1)
            self.assertEqual(new.name, f"Re: {complaint.number} Broken")
            self.assertNotEqual(new.number, complaint.number)
            self.assertEqual((new.previous_id, new.partner_id, new.team_id), (complaint, self.anna, self.team))
            self.assertEqual((new.state, new.channel_code), ("received", "email"))
            self.assertTrue(new.acknowledge_deadline)
            self.assertEqual(
                self._sent(),
                [('"Anna" <anna@customer.example>', f"We have received your complaint {new._proven_number()}")],
            )
            self.assertEqual((complaint.state, complaint.reopen_count), ("closed", 0))
            self.assertIn(new.number, complaint.message_ids[0].body)
            # What comes next goes on there.
            self.assertFalse(self._receive(self._reply(complaint, body="And the third one as well.")))
            self.assertEqual(len(new._emails_received()), 2)
            self.assertFalse(self._receive(self._reply(complaint, body="Thank you!")))
        self.assertEqual(self.complaints.search_count([("previous_id", "=", complaint.id)]), 1)

    def test_on_the_last_day_it_is_the_same(self):
        complaint = self._closed()
        with freeze_time("2026-03-18 10:00:00"):
            self.assertFalse(self._receive(self._reply(complaint, body="Broken again.")))
        self.assertEqual((complaint.state, complaint.reopen_count), ("handling", 1))

    def test_thanks_long_after(self):
        complaint = self._closed()
        with freeze_time("2026-06-01 10:00:00"):
            self.assertFalse(self._receive(self._reply(complaint, body="Thank you!")))
        self.assertEqual(self._activities(complaint), {})

    def test_portal_long_after(self):
        complaint = self._closed()
        customer = new_test_user(
            self.env, "thanks_portal", groups="base.group_portal", partner_id=self.anna.id,
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        with freeze_time("2026-04-13 10:00:00"), self.mock_mail_gateway():
            self._write_on_page(complaint, customer, "Thank you!")
            self.assertFalse(self.complaints.search([("previous_id", "=", complaint.id)]))
            self._write_on_page(complaint, customer, "The new one <b>broke</b> too.", "one.txt")
            new = self.complaints.search([("previous_id", "=", complaint.id)])
            self._write_on_page(complaint, customer, "And the third one.", "two.txt")
            self._end_request()
        files = self.env["ir.attachment"].search([("res_model", "=", new._name), ("res_id", "=", new.id)])
        self.assertEqual(set(files.mapped("name")), {"one.txt", "two.txt"})
        self.assertEqual(len(new), 1)
        self.assertEqual((new.state, new.channel_code, new.partner_id), ("received", "portal", self.anna))
        self.assertIn("The new one &lt;b&gt;broke&lt;/b&gt; too.", new.description)
        self.assertEqual(self.complaints.search([("previous_id", "=", complaint.id)]), new)
        self.assertIn("And the third one.", "".join(new.message_ids.mapped("body")))
        self.assertEqual(complaint.state, "closed")

    def _write_on_page(self, complaint, user, body, *files):
        """Do what the controller of the page does."""
        complaint = complaint.with_user(user)
        uploads = complaint.env["ir.attachment"].sudo().create([
            {"name": name, "raw": b"text", "res_model": "mail.compose.message", "res_id": 0} for name in files
        ])
        complaint.sudo().message_post(
            body=body, attachment_ids=uploads.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        complaint._take_portal_answer()

    def test_portal_message_on_our_answer(self):
        customer = new_test_user(
            self.env, "answer_portal", groups="base.group_portal", partner_id=self.anna.id,
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        complaint = self._complaint(self.anna, stage_id=self.stages["answered"].id)
        with self.mock_mail_gateway():
            complaint.with_user(customer).message_post(body="Danke, aber es ist noch kaputt.")
            self._end_request()
        self.assertEqual((complaint.state, complaint.clock_state), ("handling", "running"))
