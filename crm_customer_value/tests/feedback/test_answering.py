from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..feedback_case import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackAnswering(FeedbackCase):
    """What an answer is, what becomes of a changed one, and who calls the unhappy."""

    def _answer(self, feedback, score, comment="", days=0, **time):
        with freeze_time(self.now + timedelta(days=days, **time)), self.mock_mail_gateway():
            feedback._answer(score, comment)

    def _calls(self, partner=None):
        return self.env["mail.activity"].search([
            ("res_model", "=", "res.partner"), ("res_id", "=", (partner or self.anna).id),
            ("activity_type_id", "=", self.env.ref("crm_customer_value.mail_activity_type_unhappy_answer").id),
        ])

    def test_answer(self):
        feedback = self._asked()
        self._answer(feedback, 9, "  Quick \n", days=1)
        self.assertEqual((feedback.state, feedback.score, feedback.points, feedback.mood),
                         ("answered", 9, 90.0, "good"))
        self.assertEqual((feedback.comment, feedback.score_text, feedback.response, feedback.net_promoter),
                         ("Quick", "9 of 10", 100.0, 100.0))
        self.assertEqual((feedback.date_answered, feedback.first_score, feedback.change_count),
                         (self.now + timedelta(days=1), 9, 0))
        self.assertEqual((feedback.satisfied, feedback.effort), (False, False), "it was not asked for")
        self.assertFalse(self._calls())

    def test_zero_is_an_answer(self):
        feedback = self._asked()
        self._answer(feedback, 0)
        self.assertEqual((feedback.score, feedback.points, feedback.mood, feedback.net_promoter),
                         (0, 0.0, "bad", -100.0))
        self.assertIsNot(feedback.score, False)

    def test_answer_is_on_the_scale(self):
        for scale, wrong in (("nps", (-1, 11)), ("csat", (0, 6)), ("effort", (0, 8))):
            feedback = self._give(self.anna, scale, 5)
            for score in wrong:
                with self.assertRaises(ValidationError):
                    feedback._answer(score)

    def test_answered_twice_and_changed(self):
        """The last answer counts, the first one stays known; the same again changes nothing."""
        feedback = self._asked()
        self._answer(feedback, 3, "Slow", days=1)
        self._answer(feedback, 3, "Slow", days=2)
        self.assertEqual((feedback.change_count, feedback.date_answered), (0, self.now + timedelta(days=1)))
        self._answer(feedback, 10, "Mended", days=3)
        self.assertEqual((feedback.score, feedback.first_score, feedback.change_count, feedback.comment),
                         (10, 3, 1, "Mended"))
        self.assertEqual(feedback.date_answered, self.now + timedelta(days=3))
        self.assertEqual(len(self._calls()), 1, "one call for one question")
        self._answer(feedback, 2, days=4)
        self.assertEqual((feedback.first_score, feedback.change_count, len(self._calls())), (3, 2, 1))

    def test_late(self):
        feedback = self._asked()
        self._answer(feedback, 8, days=30, seconds=-1)
        with self.assertRaises(UserError):
            self._answer(feedback, 9, days=30, seconds=1)
        self.assertEqual(feedback.score, 8)

    def test_not_asked_is_not_answered(self):
        feedback = self._asked()
        for state in ("waiting", "cancelled", "expired"):
            feedback.state = state
            with self.assertRaises(UserError):
                feedback._answer(5)
        self.assertIs(feedback.score, False)

    def test_unhappy_customers_are_called(self):
        """At once, by the salesperson; the limits of each scale."""
        for scale, bad, fair in (("nps", 6, 7), ("csat", 2, 3), ("effort", 3, 4)):
            with self.subTest(scale):
                contact = self._partner(f"Contact {scale}", parent_id=self.firm.id)
                self._give(contact, scale, fair)
                self.assertFalse(self._calls(contact))
                self._give(contact, scale, bad, days=0)
                call = self._calls(contact)
                self.assertEqual((len(call), call.user_id), (1, self.seller))
                self.assertEqual(call.date_deadline, self.now.date())

    def test_note_of_the_call_has_no_word_of_the_customer(self):
        """Whoever may open the contact reads the note, and not what the customer wrote."""
        feedback = self._asked()
        self._answer(feedback, 1, "Your driver was drunk")
        call = self._calls()
        self.assertIn("1 of 10", call.summary)
        self.assertNotIn("driver", call.note)
        self.assertIn(f"/odoo/customer.feedback/{feedback.id}", call.note)

    def test_who_calls(self):
        """Who sold, else the salesperson of the customer, else the responsible of the rule."""
        other = new_test_user(self.env, "feedback_other", groups="sales_team.group_sale_salesman",
                              company_id=self.company.id)
        feedback = self._asked(scale="csat", user_id=other.id)
        self.assertEqual(feedback._owner(), feedback.user_id or self.seller)
        feedback.user_id = other
        self.assertEqual(feedback._owner(), other)
        other.active = False
        self.assertEqual(feedback._owner(), self.seller)
        self.firm.user_id = False
        self.anna.user_id = False
        other.active = True
        feedback.user_id = False
        self.env["customer.value"].search([("partner_id", "=", self.firm.id)]).user_id = False
        self.assertEqual(feedback._owner(), other)

    def test_nobody_writes_an_answer_by_hand(self):
        feedback = self._give(self.anna, "nps", 3)
        manager = new_test_user(self.env, "feedback_manager2", groups="crm_customer_value.group_service_manager",
                                company_id=self.company.id)
        for name, value in (("score", 10), ("state", "asked"), ("comment", "Great"), ("partner_id", self.firm.id),
                            ("first_score", 10), ("mood", "good"), ("date_answered", self.now)):
            with self.subTest(name), self.assertRaises(AccessError):
                feedback.with_user(manager).write({name: value})
        with self.assertRaises(AccessError):
            self.env["customer.feedback"].with_user(manager).create({
                "company_id": self.company.id, "partner_id": self.anna.id, "scale": "nps", "about": "company",
            })

    def test_who_reads(self):
        feedback = self._give(self.anna, "nps", 3)
        self.assertTrue(feedback.with_user(self.seller).has_access("read"))
        stranger = new_test_user(self.env, "feedback_stranger", groups="sales_team.group_sale_salesman",
                                 company_id=self.company.id)
        self.assertFalse(feedback.with_user(stranger).has_access("read"))
        self.assertEqual(self.anna.with_user(self.seller).feedback_count, 1)
        self.assertEqual(self.anna.with_user(self.seller).feedback_note, "3 of 10")
        self.assertEqual(self.anna.with_user(stranger).feedback_count, 0)
        portal = new_test_user(self.env, "feedback_portal", groups="base.group_portal")
        for model in ("customer.feedback", "customer.feedback.rule", "customer.feedback.preview"):
            self.assertFalse(self.env[model].with_user(portal).has_access("read"), model)
