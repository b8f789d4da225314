from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..complaint_mail_case import ComplaintMailCase


class ComplaintRatingCase(ComplaintMailCase):
    def _closed(self, partner=None, **values):
        """Return a complaint that has just been closed, and whose customer was asked."""
        complaint = self._complaint(partner, stage_id=self.stages["investigating"].id, **values)
        self._enter(complaint, "closed", self.agent)
        return complaint

    def _rate(self, complaint, *said):
        with self.mock_mail_gateway():
            return complaint.sudo()._rate(*said)


@tagged("post_install", "-at_install")
class TestComplaintRating(ComplaintRatingCase):
    def test_request_leads_to_the_page(self):
        complaint = self._closed(self.anna)
        (mail,) = self._mails_outside()
        self.assertIn(f"/my/complaints/{complaint.id}/rate?access_token={complaint.access_token}", mail["body"])

    def test_rating_is_kept(self):
        complaint = self._closed(self.anna)
        rating = self._rate(complaint, 4, 6, " Quick. ")
        self.assertEqual((rating.rating, rating.feedback, rating.consumed), (4.0, "Quick.", True))
        self.assertEqual((rating.partner_id, rating.rated_partner_id), (self.anna, self.agent.partner_id))
        self.assertEqual((complaint.effort_score, complaint.rating_last_value), (6, 4.0))
        self.assertEqual(rating.message_id.author_id, self.anna)
        self.assertIn("Quick.", rating.message_id.body)
        self.assertIn(rating.message_id, complaint.message_ids)
        self.assertEqual(self._activities(complaint), {})

    def test_second_rating_replaces_the_first(self):
        complaint = self._closed(self.anna)
        first = self._rate(complaint, 4, 6, "Quick.")
        second = self._rate(complaint, 5, 0, "Even quicker.")
        self.assertEqual(first, second)
        self.assertEqual(len(complaint.rating_ids), 1)
        self.assertEqual((complaint.rating_avg, complaint.effort_score), (5.0, 0))
        self.assertIn("Even quicker.", first.message_id.body)
        self.assertEqual(len(complaint.message_ids.filtered("rating_ids")), 1)

    def test_sender_without_contact(self):
        """The words are the sender's, not those of whoever runs the page."""
        complaint = self._closed(email_from="dora@else.example")
        for stars in (3, 4):
            rating = self._rate(complaint, stars)
        self.assertEqual(len(complaint.rating_ids), 1)
        self.assertFalse(rating.partner_id)
        self.assertFalse(rating.message_id.author_id)
        self.assertEqual(rating.message_id.email_from, "dora@else.example")

    def test_bad_rating_is_followed_up_once(self):
        complaint = self._closed(self.anna)
        self._rate(complaint, 2, 1, "Three calls & <b>no</b> answer.")
        activity = complaint.activity_ids
        self.assertEqual(self._activities(complaint), {"Follow Up Bad Rating": self.agent})
        self.assertIn("2 of 5 stars", activity.note)
        self.assertIn("Three calls &amp; &lt;b&gt;no&lt;/b&gt; answer.", activity.note)
        self.assertTrue(complaint.date_bad_rating)
        # Neither another bad one nor one after the talk starts a second.
        self._rate(complaint, 1)
        activity.action_feedback()
        self._rate(complaint, 5)
        self._rate(complaint, 1)
        self.assertEqual(self._activities(complaint), {})

    def test_bad_after_every_closing(self):
        complaint = self._closed(self.anna)
        self._rate(complaint, 2)
        complaint.activity_ids.action_feedback()
        past = fields.Datetime.now() - timedelta(days=3)
        complaint.write({"date_bad_rating": past, "date_closed": past})
        complaint.rating_ids.rated_on = past
        self._enter(complaint, "investigating")
        self._enter(complaint, "closed")
        self._rate(complaint, 1)
        self.assertEqual(len(complaint.rating_ids), 2)
        self.assertEqual(self._activities(complaint), {"Follow Up Bad Rating": self.agent})

    def test_what_is_bad(self):
        """Up to the company's limit; the leader stands in for whoever has left."""
        self.company.complaint_bad_rating = 3
        self.agent.active = False
        for stars, expected in ((3, {"Follow Up Bad Rating": self.leader}), (4, {})):
            complaint = self._complaint(self.anna, stage_id=self.stages["investigating"].id)
            self._enter(complaint, "closed")
            self._rate(complaint, stars)
            self.assertEqual(self._activities(complaint), expected)

    def test_not_now(self):
        """Neither before the end, nor for what was rejected or merged, nor long after."""
        complaint = self._closed(self.anna)
        closed = complaint.date_closed
        for days, possible in ((29, True), (31, False)):
            complaint.date_closed = closed - timedelta(days=days)
            self.assertEqual(complaint._can_rate(), possible)
        with self.assertRaises(UserError):
            self._rate(complaint, 5)
        complaint.date_closed = closed
        for stage in ("investigating", "answered", "rejected"):
            self._enter(complaint, stage, reject_reason="Used up")
            self.assertFalse(complaint._can_rate(), stage)
            with self.assertRaises(UserError):
                self._rate(complaint, 5)
        merged = self._closed(self.anna)
        merged.merged_into_id = complaint
        self.assertFalse(merged._can_rate())
        self.assertFalse(complaint.rating_ids + merged.rating_ids)

    def test_impossible_values(self):
        complaint = self._closed(self.anna)
        for said in ((0,), (6,), (-1,), (3, 8), (3, -1)):
            with self.assertRaises(ValidationError):
                self._rate(complaint, *said)
        self.assertFalse(complaint.rating_ids)

    def test_rating_of_another_record(self):
        """A token opens the record it was made for, and no other."""
        mine, other = self._closed(self.anna), self._closed(self.bert)
        token = other._rating_get_access_token()
        with self.assertRaises(UserError):
            mine.rating_apply(5, token=token)
        self.assertFalse(other.rating_ids.filtered("consumed") + mine.rating_ids)

    def test_team_statistics(self):
        second = self._team("Second", "second")
        for stars, team in ((5, self.team), (2, self.team), (4, second)):
            self._rate(self._closed(self.anna, team_id=team.id), stars)
        teams = (self.team + second).with_user(self.leader)
        teams.invalidate_recordset()
        self.assertEqual([(team.rating_count, team.rating_avg) for team in teams], [(2, 3.5), (1, 4.0)])

    def test_ask_again(self):
        """Only who was not rated yet, can rate, and can be reached."""
        silent, rated, unreachable = self._closed(self.anna), self._closed(self.anna), self._closed()
        self._rate(rated, 5)
        still_open = self._complaint(self.anna)
        complaints = silent + rated + unreachable + still_open
        with self.mock_mail_gateway():
            question = complaints.with_user(self.agent).action_request_rating()
        self.assertEqual(self._sent(), [], "asked by the e-mail of closing a moment ago")
        wizard = self.env["customer.complaint.reason"].with_user(self.agent).with_context(**question["context"])
        with self.mock_mail_gateway():
            action = wizard.create({}).action_confirm()
        self.assertEqual(
            self._sent(),
            [('"Anna" <anna@customer.example>', f"How did we handle your complaint {silent._proven_number()}?")],
        )
        self.assertEqual(action["params"]["message"], "Rating request sent to anna@customer.example")
        self.assertEqual(rated.action_request_rating()["params"]["type"], "warning")

    def test_rights(self):
        """Whoever may not touch a complaint asks for no rating and gives none."""
        complaint = self._closed(self.anna)
        other = self._user("other", "crm_customer_value.group_service_team")
        for do in (
            lambda record: record.action_request_rating(),
            lambda record: record._rate(5),
            lambda record: record._rating_get_access_token(),
        ):
            with self.assertRaises(AccessError):
                do(complaint.with_user(other))

    def test_messages_are_no_ratings(self):
        self.assertNotIn("rating_value", self.complaints._get_allowed_message_params())


@tagged("post_install", "-at_install")
class TestComplaintRatingPage(ComplaintRatingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.users"].create([
            {
                "name": partner.name,
                "login": f"portal_{partner.name.lower()}",
                "password": f"portal_{partner.name.lower()}",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
                "group_ids": [(6, 0, [cls.env.ref("base.group_portal").id])],
            }
            for partner in (cls.bert, cls.env["res.partner"].create({"name": "Eve", "email": "eve@evil.example"}))
        ])
        cls.agent.password = "complaint_agent"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _open(self, complaint, token=None, **parameters):
        return self.url_open(complaint._rating_url(token, **parameters))

    def _send(self, complaint, token=None, csrf=True, **form):
        self._open(complaint, token)
        if csrf:
            form["csrf_token"] = http.Request.csrf_token(self)
        with self.mock_mail_gateway():
            return self.url_open(complaint._rating_url(token), data=form)

    def test_rating_by_link(self):
        complaint = self._closed(self.anna)
        page = self._open(complaint, complaint.access_token)
        self.assertEqual(page.status_code, 200)
        self.assertIn(complaint.number, page.text)
        self.assertEqual(page.text.count('name="stars"'), 5)
        self.assertEqual(page.text.count('name="effort"'), 7)
        thanks = self._send(complaint, complaint.access_token, stars="2", effort="3", comment="<i>Slow</i>")
        self.assertEqual(thanks.status_code, 200)
        self.assertIn("Thank you", thanks.text)
        self.assertIn("&lt;i&gt;Slow&lt;/i&gt;", thanks.text)
        self.assertEqual((complaint.rating_ids.rating, complaint.effort_score), (2.0, 3))
        self.assertEqual(complaint.rating_ids.message_id.author_id, self.anna)
        self.assertEqual(self._activities(complaint), {"Follow Up Bad Rating": self.agent})
        # Once more: it is replaced, and nobody is told twice.
        self.assertIn("You have already rated us", self._open(complaint, complaint.access_token).text)
        self._send(complaint, complaint.access_token, stars="1")
        self.assertEqual((complaint.rating_ids.rating, len(complaint.rating_ids)), (1.0, 1))
        self.assertEqual(self._activities(complaint), {"Follow Up Bad Rating": self.agent})

    def test_wrong_links(self):
        """No token, that of another complaint, and a number that does not exist look the same."""
        complaint, other = self._closed(self.anna), self._closed(self.anna)
        answers = []
        for token in (None, "x", other.access_token, ""):
            page = self._open(complaint, token)
            self.assertEqual(page.status_code, 404)
            self.assertNotIn(complaint.number, page.text)
            answers.append("This link does not work" in page.text)
            self.assertEqual(self._send(complaint, token, stars="5").status_code, 404)
        missing = self.url_open(f"/my/complaints/{other.id + 1000}/rate?access_token={other.access_token}")
        answers.append(missing.status_code == 404 and "This link does not work" in missing.text)
        self.assertEqual(answers, [True] * 5)
        self.assertFalse(complaint.rating_ids)

    def test_forms_are_protected(self):
        complaint = self._closed(self.anna)
        with mute_logger("odoo.http"):
            answer = self._send(complaint, complaint.access_token, csrf=False, stars="5")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(complaint.rating_ids)

    def test_nonsense(self):
        """Whatever is sent: no rating without stars, and what was written is not lost."""
        complaint = self._closed(self.anna)
        for stars in ("", "0", "6", "-1", "two", "1.5", "²"):
            answer = self._send(complaint, complaint.access_token, stars=stars, comment="Keep me")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Please choose one to five stars", answer.text)
            self.assertIn("Keep me", answer.text)
        self.assertFalse(complaint.rating_ids)
        self._send(complaint, complaint.access_token, stars="3", effort="99", comment="x" * 5000, user_id="1")
        self.assertEqual((complaint.rating_ids.rating, complaint.effort_score), (3.0, 0))
        self.assertEqual(len(complaint.rating_ids.feedback), 4000)
        self.assertEqual(complaint.user_id, self.agent)

    def test_not_closed_yet(self):
        complaint = self._complaint(self.anna)
        complaint._portal_ensure_token()
        for answer in (
            self._open(complaint, complaint.access_token),
            self._send(complaint, complaint.access_token, stars="5"),
        ):
            self.assertEqual(answer.status_code, 200)
            self.assertIn("We are still working on this complaint", answer.text)
        self.assertFalse(complaint.rating_ids)

    def test_signed_in(self):
        """Strangers are sent away even if they have an account; employees do not rate themselves."""
        complaint = self._closed(self.anna)
        self.authenticate("portal_eve", "portal_eve")
        self.assertEqual(self._open(complaint).status_code, 404)
        self.authenticate("complaint_agent", "complaint_agent")
        for token in (None, complaint.access_token):
            answer = self._send(complaint, token, stars="5")
            self.assertIn("Only the customer can rate", answer.text)
        self.assertFalse(complaint.rating_ids)

    def test_signed_in_family(self):
        """People of the same customer need no link once they have signed in."""
        complaint = self._closed(self.anna)
        self.authenticate("portal_bert", "portal_bert")
        self.assertEqual(self._open(complaint).status_code, 200)
        answer = self._send(complaint, stars="4", effort="7")
        self.assertIn("Thank you", answer.text)
        self.assertEqual((complaint.rating_ids.rating, complaint.effort_score), (4.0, 7))

    def test_two_clicks(self):
        """Who comes while the same rating is written is thanked, not shown an error."""
        complaint = self._closed(self.anna)
        self.patch(type(complaint), "lock_for_update", lambda *args, **kwargs: self._raise_lock())
        answer = self._send(complaint, complaint.access_token, stars="5")
        self.assertEqual(answer.status_code, 200)

    @staticmethod
    def _raise_lock():
        raise LockError("locked")

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anna.lang = "fr_FR"
        complaint = self._closed(self.anna)
        page = self._open(complaint, complaint.access_token).text
        self.assertIn('active" role="menuitem" href="/fr/my/complaints/', page)

    def test_odoo_link(self):
        """Odoo's own rating page keeps to the same rules, and its bad ratings are followed up too."""
        complaint = self._closed(self.anna)
        token = complaint._rating_get_access_token()
        self.assertEqual(self.url_open(f"/rate/{token}/1").status_code, 200)
        form = {"rate": "1", "feedback": "Bad", "csrf_token": http.Request.csrf_token(self)}
        with self.mock_mail_gateway():
            self.assertEqual(self.url_open(f"/rate/{token}/submit_feedback", data=form).status_code, 200)
        self.assertEqual(complaint.rating_ids.rating, 1.0)
        self.assertEqual(self._activities(complaint), {"Follow Up Bad Rating": self.agent})
        self._enter(complaint, "investigating")
        self.assertIn("We are still working", self.url_open(f"/rate/{token}/5").text)
        form = {"rate": "5", "csrf_token": http.Request.csrf_token(self)}
        self.assertIn("We are still working", self.url_open(f"/rate/{token}/submit_feedback", data=form).text)
        self.assertEqual(complaint.rating_ids.rating, 1.0)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/rate/nonsense/5").status_code, 404)
