from odoo.tests import new_test_user, tagged

from ..satisfaction_case import SatisfactionCase


@tagged("post_install", "-at_install")
class TestServiceMarks(SatisfactionCase):
    """Whatever changes what customers said is in their value after the scheduled action, as after a full run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.other = cls._buyer("Customer", (20, 50, 80)), cls._buyer("Other", (25, 60))
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        for number in range(5):
            cls._buyer(f"Rival {number}", (10 + number, 70))
        cls._recompute()

    def setUp(self):
        super().setUp()
        self._clear_marks()

    def _assert_settled(self, *, compared=True):
        """The marked customers recomputed: a recompute of everybody would change nothing.

        :param bool compared: a full one, for which purchases, and so the cut-points, must be what they were
        """
        marked = self._marked()
        self.assertTrue(marked)
        self._recompute(partners=self.env["res.partner"].browse(sorted(marked)))
        rows = self._rows()
        run = self._recompute(partners=None if compared else self.env["res.partner"].search([]))
        self.assertEqual((run.changed, self._rows()), (0, rows))

    def test_life_of_a_complaint(self):
        complaint = self._complain(self.contact, severity="high")
        self._assert_settled()
        self.assertEqual(self._value(self.customer).open_severe_complaints, 1)
        for values in (
            {"severity": "low"}, {"compensation": 30.0}, {"resolve_missed": True}, {"active": False},
            {"active": True}, {"partner_id": self.other.id},
        ):
            with self.subTest(values):
                complaint.write(values)
                self._assert_settled()
        self.assertEqual(self._value(self.other).open_complaints, 1)
        self.assertEqual(self._value(self.customer).complaint_count_12m, 0)
        self._end(complaint)
        self._assert_settled()
        self._rate(complaint, 2)
        self._assert_settled()
        self.assertEqual(self._value(self.other).csat, 2.0)
        complaint._reopen("Again")
        self._assert_settled()
        self._complain(self.other)._merge_into(complaint)
        self._assert_settled()
        self.assertEqual(self._value(self.other).open_complaints, 1)
        complaint.rating_ids.unlink()
        self._assert_settled()
        self.assertEqual(self._value(self.other).csat, 0.0)
        complaint.merged_ids.unlink()
        complaint.unlink()
        self._assert_settled()
        self.assertFalse(self._value(self.other).has_satisfaction_score)

    def test_what_does_not_matter_marks_nobody(self):
        complaint = self._complain(self.customer)
        self._clear_marks()
        complaint.write({"name": "Other words", "description": "More words"})
        self.env["rating.rating"].create({
            "res_model_id": self.env["ir.model"]._get_id("customer.complaint"), "res_id": complaint.id,
        })
        self._suggest(self.customer).name = "Better words"
        self.assertFalse(self._marked())

    def test_suggestions(self):
        idea, twin = self._suggest(self.customer), self._suggest(self.other)
        self._clear_marks()
        twin.merged_into_id = idea
        self.assertFalse(self._marked(), "nothing is adopted")
        idea.write({"stage_id": self.adopted.id, "date_implemented": self.today})
        idea.date_implemented = self.today
        self._assert_settled()
        for partner in (self.customer, self.other):
            self.assertEqual(self._value(partner).adopted_suggestions, 1)
        # What is merged into a merged one belongs to what was adopted, too.
        last = self._suggest(self.env["res.partner"].search([("name", "=", "Rival 0")], limit=1))
        last.merged_into_id = twin
        self._assert_settled()
        self.assertEqual(self._value(last.partner_id).adopted_suggestions, 1)
        last.merged_into_id = False
        twin.merged_into_id = False
        self._assert_settled()
        self.assertEqual(self._value(self.other).adopted_suggestions, 0)

    def test_customers_rate_without_any_rights(self):
        complaint = self._complain(self.customer)
        portal = new_test_user(self.env, "marks_portal", groups="base.group_portal")
        rating = self.env["rating.rating"].create({
            "res_model_id": self.env["ir.model"]._get_id("customer.complaint"), "res_id": complaint.id,
        })
        self._clear_marks()
        # The page of the rating does this as superuser, for the customer.
        rating.with_user(portal).sudo().write({"rating": 1, "consumed": True})
        self.assertIn(self.customer.id, self._marked())

    def test_stages_that_mean_something_else(self):
        complaint, suggestion = self._complain(self.customer), self._suggest(self.other, adopted=3)
        self._recompute()
        self._clear_marks()
        self.assertEqual(self._value(self.customer).open_complaints, 1)
        complaint.stage_id.state = "rejected"
        suggestion.stage_id.state = "planned"
        self._assert_settled()
        self.assertEqual(self._value(self.customer).open_complaints, 0)
        self.assertEqual(self._value(self.other).adopted_suggestions, 0)
        # It counts again, though no date of it changes.
        self._clear_marks()
        complaint.stage_id.state = "closed"
        self.assertIn(self.customer.id, self._marked())

    def test_other_company(self):
        """A complaint to one company is nothing to the other."""
        other = self._make_company("Marks Elsewhere")
        self._complain(self.customer, company_id=other.id)
        self.env.cr.precommit.run()
        self.assertEqual(set(self.env["customer.value.mark"]._take(10000)), {other.id})

    def test_contacts_that_move(self):
        """A contact that goes to another company takes along what it said."""
        self._complain(self.contact, severity="high")
        self._suggest(self.contact, adopted=3)
        self._recompute()
        self._clear_marks()
        self.contact.parent_id = self.other
        self._assert_settled()
        self.assertEqual(
            [(self._value(one).open_severe_complaints, self._value(one).adopted_suggestions)
             for one in (self.customer, self.other)],
            [(0, 0), (1, 1)],
        )

    def test_merged_contacts(self):
        """Merging two contacts of two companies brings the complaints of both to the one that stays."""
        twin = self._partner("Twin", parent_id=self.other.id)
        complaint, suggestion = self._complain(self.contact, severity="high"), self._suggest(self.contact, adopted=3)
        self._recompute()
        self._clear_marks()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.contact | twin).ids, twin, extra_checks=False
        )
        self.assertEqual((complaint.partner_id, complaint.commercial_partner_id), (twin, self.other))
        self.assertEqual(suggestion.commercial_partner_id, self.other)
        self._assert_settled()
        self.assertEqual(
            [self._value(one).open_severe_complaints for one in (self.customer, self.other)], [0, 1]
        )
        self.assertEqual(complaint.amount_at_stake, self._value(self.other).clv_12m)

    def test_merged_customers(self):
        for partner in (self.customer, self.other):
            self._complain(partner)
        self._recompute()
        self._clear_marks()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | self.other).ids, self.other, extra_checks=False
        )
        self._assert_settled(compared=False)
        self.assertEqual(self._value(self.other).complaint_count_12m, 2)
