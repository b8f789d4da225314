from odoo.tests import tagged

from ..common import VALUE_FIELDS
from ..feedback_case import FeedbackCase


@tagged("post_install", "-at_install")
class TestFeedbackScores(FeedbackCase):
    """What answers mean for the value of a customer, in both directions."""

    def setUp(self):
        super().setUp()
        self._order(self.anna, 20, 1000.0)

    def _told(self):
        self._recompute()
        return self._value(self.firm)

    def test_emotional_score(self):
        """(2 · 50 + 90 + 25) / 4 = 53.75 for a recommendation of 9 and a satisfaction of 2."""
        self.assertIs(self._told().emotional_score, False)
        self._give(self.anna, "nps", 9)
        self._give(self.anna, "csat", 2, about="relationship")
        value = self._told()
        self.assertEqual((value.emotional_score, value.benefit_answer_count), (53.8, 2))

    def test_latest_answer_of_each_contact_and_scale_counts(self):
        """(2 · 50 + 100 + 0) / 4: Anna's last one is 10, Bert's 0; older ones and those before the period do not."""
        bert = self._partner("Bert", parent_id=self.firm.id)
        self._give(self.anna, "nps", 0, days=40)
        self._give(self.anna, "nps", 10, days=4)
        self._give(bert, "nps", 0, days=3)
        self._give(bert, "csat", 5, days=500)
        value = self._told()
        self.assertEqual((value.emotional_score, value.benefit_answer_count), (50.0, 2))
        self.assertEqual((value.feedback_count_12m, value.feedback_points_12m), (2, 50.0))

    def test_satisfaction(self):
        """One purchase and no complaint: (2 · 100 + 25) / 3 = 75 with one satisfaction of 2."""
        self._give(self.anna, "csat", 2)
        value = self._told()
        self.assertEqual((value.satisfaction_score, value.has_satisfaction_score), (75.0, True))
        self.assertEqual(value.satisfaction_evidence, 33.3, "one answer of one and two")
        self.assertEqual(value.csat_count, 0, "no rating of a complaint")
        self.assertIn("answered a question: 25 of 100", value._satisfaction_text().lower())

    def test_satisfaction_with_a_rated_complaint(self):
        """One purchase, one complaint: 50 · 1 / 5 off, so 90 twice; rated 4: 75; answered 100: (180 + 75 + 100) / 4."""
        complaint = self._complain(self.anna)
        self._end(complaint, days=5)
        self._rate(complaint, 4, days=5)
        self._give(self.anna, "nps", 10)
        value = self._told()
        self.assertEqual(value.satisfaction_score, 88.8)
        self.assertEqual((value.csat, value.csat_count, value.feedback_count_12m), (4.0, 1, 1))

    def test_index_moves_by_answers_only(self):
        """Questions that nobody answered change nothing, to the last digit."""
        before = self._told().read(list(VALUE_FIELDS))
        feedback = self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": self.anna.id, "scale": "csat", "about": "transaction",
            "state": "asked", "date_asked": self.now,
        })
        self.assertEqual(self._told().read(list(VALUE_FIELDS)), before)
        feedback._answer(1)
        value = self._told()
        self.assertLess(value.value_index, before[0]["value_index"])
        self.assertLess(value.satisfaction_points, 0)

    def test_answer_marks_its_customer(self):
        feedback = self.env["customer.feedback"].create({
            "company_id": self.company.id, "partner_id": self.anna.id, "scale": "csat", "about": "transaction",
            "state": "asked", "date_asked": self.now,
        })
        marks = self.env["customer.value.mark"]
        self.env.cr.precommit.run()
        marks._take(10000)
        feedback.comment = "Not yet"
        self.env.cr.precommit.run()
        self.assertFalse(marks._take(10000), "a comment says nothing to a recompute")
        feedback._answer(4)
        self.env.cr.precommit.run()
        self.assertIn(self.firm.id, set().union(*marks._take(10000).values()))

    def test_contact_changes_firms(self):
        """The answer goes with the contact, as everything of theirs does."""
        self._give(self.anna, "csat", 1)
        elm = self._partner("Elm", is_company=True)
        self._order(elm, 10, 500.0)
        self.anna.parent_id = elm
        self._recompute()
        self.assertEqual(self._value(elm).feedback_count_12m, 1)
        self.assertEqual(self._value(self.firm).feedback_count_12m, 0)
