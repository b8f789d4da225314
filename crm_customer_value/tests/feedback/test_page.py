import re
from datetime import timedelta

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..feedback_case import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackPage(FeedbackCase, HttpCase):
    """The page of a question, and those who try to get more out of it."""

    frozen = False

    def setUp(self):
        super().setUp()
        self.feedback = self._asked(scale="nps")
        self.path = f"/feedback/{self.feedback.id}/{self.feedback._customer_key()}"

    def _get(self, path=None, **data):
        return self.url_open(path or self.path, **data)

    def _page(self, path=None):
        response = self._get(path)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _send(self, path=None, token=True, **form):
        if token:
            form["csrf_token"] = re.search(r'csrf_token: "(\w+)"', self._get().text)[1]
        return self._get(path, data=form, allow_redirects=False)

    def _known(self):
        self.feedback.invalidate_recordset()
        return self.feedback.state, self.feedback.score

    def test_opening_changes_nothing(self):
        """A scanner opens every link of the mail, loads what the page loads, and runs its scripts."""
        for answer in ("?answer=0", "?answer=10", "", "?thanks=1", "/stop", "/stop?again=1"):
            self.assertEqual(self._get(self.path + answer).status_code, 200, answer)
        self.assertEqual(self._get(f"{self.path}/unsubscribe").status_code, 405)
        self.assertEqual(self._known(), ("asked", False))
        self.assertFalse(self.anna.feedback_opt_out)

    def test_answer_of_the_link_is_chosen(self):
        page = self._page(f"{self.path}?answer=0")
        self.assertEqual(page.xpath("//input[@name='answer'][@checked]/@value"), ["0"])
        self.assertEqual(page.xpath("//input[@name='answer']/@value"), [str(number) for number in range(11)])
        for wrong in ("11", "-1", "x", "1.0", "٣", ""):
            page = self._page(f"{self.path}?answer={wrong}")
            self.assertFalse(page.xpath("//input[@name='answer'][@checked]"), wrong)

    def test_nothing_of_the_page_sends_by_itself(self):
        """No script of ours is on it, and no form goes by GET."""
        page = self._page(f"{self.path}?answer=3")
        self.assertEqual({form.get("method") for form in page.xpath("//main//form")}, {"post"})
        self.assertFalse(page.xpath("//main//script"))
        self.assertFalse(page.xpath("//main//*[@onload or @onclick or @onchange]"))

    def test_send(self):
        self.assertEqual(self._send(answer="2", comment="Late\0 again").status_code, 303)
        self.assertEqual(self._known(), ("answered", 2))
        self.assertEqual(self.feedback.comment, "Late again")
        page = self._page(f"{self.path}?thanks=1")
        self.assertIn("Late again", page.text_content())
        page = self._page()
        self.assertEqual(page.xpath("//input[@name='answer'][@checked]/@value"), ["2"], "as it was answered")

    def test_no_answer_chosen(self):
        response = self._send(comment="Words")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Please choose", response.text)
        self.assertIn("Words", response.text)
        self.assertEqual(self._known(), ("asked", False))

    def test_without_csrf(self):
        # Odoo warns of a form without its token.
        with mute_logger("odoo.http"):
            response = self._send(token=False, answer="10")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._known(), ("asked", False))

    def test_mass_assignment(self):
        """Only the answer and the comment are taken."""
        self._send(answer="5", state="cancelled", points="100", partner_id="1", score="10", first_score="9",
                   question="x", date_answered="2000-01-01 00:00:00", feedback_id="1", mood="good")
        self.assertEqual(self._known(), ("answered", 5))
        self.assertEqual((self.feedback.points, self.feedback.partner_id, self.feedback.first_score,
                          self.feedback.mood, self.feedback.question),
                         (50.0, self.anna, 5, "bad", "Would you recommend us?"))

    def test_key_of_another_question(self):
        other = self._give(self.firm, "nps", 9)
        key = other._customer_key()
        for path in (f"/feedback/{self.feedback.id}/{key}", f"/feedback/{other.id}/-", f"/feedback/{other.id}/x",
                     f"/feedback/0/{key}", f"/feedback/{10**12}/{key}", f"/feedback/{self.feedback.id}/%C3%A9"):
            for page in ("", "/stop"):
                self.assertEqual(self._get(path + page).status_code, 404, path + page)
                self.assertEqual(self._send(path + page, answer="0").status_code, 404, path + page)
            self.assertEqual(self._get(f"{path}/unsubscribe", data={"List-Unsubscribe": "One-Click"}).status_code, 404)
        self.assertEqual(self._known(), ("asked", False))
        self.assertFalse((self.anna | self.firm).filtered("feedback_opt_out"))

    def test_pages_do_not_tell_which_questions_there_are(self):
        answers = {
            html.fromstring(self._get(f"/feedback/{number}/{'0' * 64}").text).xpath("//main")[0].text_content()
            for number in (self.feedback.id, self.feedback.id + 10**6)
        }
        self.assertEqual(len(answers), 1)

    def test_contact_of_another_family(self):
        """Who changed firms opens nothing of the old one, nor does whoever reads their old mail."""
        self.anna.parent_id = self._partner("Elm", is_company=True)
        self.env.flush_all()
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._send(answer="0").status_code, 404)
        self.assertEqual(self._known(), ("asked", False))

    def test_late(self):
        self.feedback.date_asked = self.now - timedelta(days=400)
        response = self._get()
        self.assertIn("time to answer this question is over", response.text)
        self._send(answer="0")
        self.assertEqual(self._known(), ("asked", False))

    def test_employee(self):
        """Whoever sees the mail in Odoo does not answer for the customer."""
        self.authenticate("feedback_seller", "feedback_seller")
        self.assertIn("Only the customer can answer", self._get().text)
        self.assertIn("Only the customer can answer", self._send(answer="10").text)
        self.assertIn("Only the customer can answer", self._send(f"{self.path}/stop").text)
        self.assertEqual(self._known(), ("asked", False))
        self.assertFalse(self.anna.feedback_opt_out)

    def test_account_of_another_customer(self):
        new_test_user(self.env, "feedback_elm", groups="base.group_portal")
        self.authenticate("feedback_elm", "feedback_elm")
        self.assertIn("for somebody else", self._get().text)
        self.assertIn("for somebody else", self._send(answer="10").text)
        self.assertEqual(self._known(), ("asked", False))

    def test_no_further_questions(self):
        page = self._page(f"{self.path}/stop")
        self.assertEqual(len(page.xpath("//main//form[@method='post']")), 1)
        self._send(f"{self.path}/stop")
        self.anna.invalidate_recordset()
        self.assertTrue(self.anna.feedback_opt_out)
        self.assertIn("Does not want to be asked", self.anna.message_ids[0].body)
        self._send(f"{self.path}/stop", again="1")
        self.anna.invalidate_recordset()
        self.assertFalse(self.anna.feedback_opt_out)

    def test_one_click_of_the_mail_program(self):
        response = self._get(f"{self.path}/unsubscribe", data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(response.status_code, 200)
        self.anna.invalidate_recordset()
        self.assertTrue(self.anna.feedback_opt_out)
        self.assertEqual(self._known(), ("asked", False))
        self._sold(self.anna, days=4)
        self.company.feedback_pause_days = 1
        self.assertFalse(self._cron(self.now + timedelta(days=5)))

    def test_flood(self):
        """So many changes of one answer within an hour are none of a person."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_post_thread", "2")
        for number in (1, 2):
            self.assertEqual(self._send(answer=str(number)).status_code, 303)
        self.assertIn("Please wait a moment", self._send(answer="9").text)
        self.assertEqual(self._known(), ("answered", 2))

    def test_flood_of_changes_of_mind(self):
        """Each leaves a note on the contact; but whoever wants no more questions is heard."""
        self.env["ir.config_parameter"].set_param("crm_customer_value.limit_post_thread", "1")
        for again in ("", "1", ""):
            self.assertEqual(self._send(f"{self.path}/stop", again=again).status_code, 303)
        self.assertIn("Please wait a moment", self._send(f"{self.path}/stop", again="1").text)
        self.anna.invalidate_recordset()
        self.assertTrue(self.anna.feedback_opt_out)

    def test_language_and_direction(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.anna.lang = "ar_001"
        page = self._page()
        self.assertEqual((page.get("dir"), page.get("lang")), ("rtl", "ar-001"))
        self.anna.lang = "en_US"
        self.assertEqual(self._page().get("dir"), "ltr")

    def test_nobody_keeps_the_page(self):
        headers = self._get().headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["X-Robots-Tag"], "noindex")
        self.assertIn("no-store", headers["Cache-Control"])
