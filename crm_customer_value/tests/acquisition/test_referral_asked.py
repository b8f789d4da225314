from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..feedback_case import FeedbackCase


@tagged("post_install", "-at_install")
class TestReferralAsked(FeedbackCase):
    """Who would recommend us is asked to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.referral_asked = True

    def _calls(self):
        return self.env["mail.activity"].search([
            ("res_model", "=", "res.partner"), ("res_id", "=", self.anna.id),
            ("activity_type_id", "=", self.env.ref("crm_customer_value.mail_activity_type_referral").id),
        ])

    def _answers(self, score, **values):
        question = self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": self.anna.id, "scale": "nps", "about": "relationship",
            "state": "asked", **values,
        })
        question._answer(score)
        return question

    def test_promoters_are_asked(self):
        question = self._answers(9)
        self.assertEqual(self._calls().user_id, self.seller)
        question._answer(10)
        self.assertEqual(len(self._calls()), 1, "a changed answer asks nobody again")

    def test_others_are_not(self):
        self._answers(8)
        self._answers(5, scale="csat")
        self.firm.relationship_broken_on = self.today
        self._answers(10)
        self.firm.relationship_broken_on = False
        self.company.referral_asked = False
        self._answers(10)
        self.assertFalse(self._calls())

    def test_once_a_year(self):
        self._answers(10)
        self._answers(10)
        self.assertEqual(len(self._calls()), 1)
        with freeze_time(self.now + timedelta(days=366)):
            self._answers(10)
            self.assertEqual(len(self._calls()), 2)
