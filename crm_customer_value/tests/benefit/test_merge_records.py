from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_case import BenefitImportCase


@tagged("post_install", "-at_install")
class TestMergeRecords(BenefitImportCase):
    """When two customers become one, no day counts twice, and nothing is lost."""

    def _merge(self, stays, goes):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (stays | goes).ids, stays, extra_checks=False
        )
        self.env.invalidate_all()

    def test_same_days(self):
        """The older record of 40 counts; the younger one of the same month waits; April has one."""
        older = self._record(self.bob)
        younger = self._record(self.ann, date_from="2024-03-15", date_to="2024-04-14", value=2.0)
        alone = self._record(self.ann, date_from="2024-05-01", date_to="2024-05-31")
        for measure in (older, younger, alone):
            self.assertTrue(measure.counts)
        self._merge(self.ann, self.bob)
        self.assertEqual((older | younger | alone).commercial_partner_id, self.ann)
        self.assertEqual(
            [(record.doubt, record.counts, record.overlap_id) for record in (older, younger, alone)],
            [(False, True, older.browse()), ("overlap", False, older), (False, True, older.browse())],
        )
        with self.assertRaisesRegex(UserError, "would count twice"):
            younger.action_check()
        older.unlink()
        # 10 faults less, at 10 each, for 17 of 31 days and 14 of 30.
        self.assertEqual((younger.doubt, younger.counts, younger.gain), (False, True, 101.51))

    def test_goal_goes_by_what_counts(self):
        """The goal of a record that waits goes by the measurement before it."""
        goal = self._goal(self.ann, date_target="2024-03-31")
        self._record(self.ann, date_from="2024-02-01", date_to="2024-02-29", value=10.0)
        # It ends after the day of the goal.
        self._record(self.bob, date_from="2024-03-31", date_to="2024-04-30")
        self._record(self.ann, value=4.0)
        self.assertEqual((goal.latest_value, goal.progress), (4.0, 100.0))
        self._merge(self.ann, self.bob)
        self.assertEqual((goal.latest_value, goal.progress), (10.0, 25.0))

    def test_other_days_end_the_doubt(self):
        older, younger = self._record(self.bob), self._record(self.ann)
        self._merge(self.ann, self.bob)
        self.assertEqual(younger.overlap_id, older)
        younger.write({"date_from": "2024-04-01", "date_to": "2024-04-30", "correction_reason": "wrong month"})
        self.assertEqual((younger.overlap_id, younger.doubt, younger.counts), (older.browse(), False, True))

    def test_checked_record_waits_again(self):
        """That a value is right was said of one of two; now there are two for one month."""
        self._record(self.bob)
        younger = self._record(self.ann, value=15.0)
        younger.action_check()
        self.assertTrue(younger.counts)
        self._merge(self.ann, self.bob)
        self.assertEqual((younger.is_checked, younger.counts), (False, False))

    def test_another_metric_or_product_is_no_overlap(self):
        self._record(self.bob)
        others = (
            self._record(self.ann, metric_id=self.hours.id, value=20.0)
            | self._record(self.ann, product_id=self.lamp.id)
        )
        self._merge(self.ann, self.bob)
        self.assertFalse(others.overlap_id)
        self.assertEqual(others.mapped("counts"), [True, True])

    def test_goals_and_needs_go_along(self):
        goal = self._goal(self.bob)
        record = self._record(self.bob)
        self.assertEqual((record.goal_id, goal.progress), (goal, 50.0))
        need = self.env["customer.need"].create({
            "company_id": self.company.id, "partner_id": self.bob.id, "words": "Fewer faults",
            "type_id": self.env["customer.need.type"].create({"name": "Quiet", "dimension": "functional"}).id,
        })
        self._merge(self.ann, self.bob)
        for one in (goal, record, need):
            self.assertEqual((one.partner_id, one.commercial_partner_id), (self.ann, self.ann))
        self.assertEqual((record.goal_id, goal.progress), (goal, 50.0))

    def test_contact_goes_to_another_company(self):
        """Bert goes from one customer to another by hand: one month counts once, and again when he is back."""
        bert = self._partner("Bert", parent_id=self.bob.id)
        at_home, older = self._record(self.bob, date_from="2024-05-01", date_to="2024-05-31"), self._record(self.ann)
        younger = self._record(bert)
        alone = self._record(bert, date_from="2024-04-01", date_to="2024-04-30")
        bert.parent_id = self.ann
        self.assertEqual(younger.commercial_partner_id, self.ann)
        self.assertEqual(
            [(record.overlap_id, record.doubt, record.counts) for record in (older, younger, alone, at_home)],
            [(older.browse(), False, True), (older, "overlap", False), *[(older.browse(), False, True)] * 2],
        )
        bert.parent_id = self.bob
        self.assertEqual((younger.overlap_id, younger.doubt, younger.counts), (older.browse(), False, True))

    def test_company_of_its_own(self):
        """Contacts below a contact go along; who becomes a company takes the own figures away."""
        department = self._partner("Department", parent_id=self.bob.id)
        bert = self._partner("Bert", parent_id=department.id)
        older, younger = self._record(self.ann), self._record(bert)
        department.parent_id = self.ann
        self.assertEqual((younger.commercial_partner_id, younger.overlap_id), (self.ann, older))
        bert.is_company = True
        self.assertEqual((younger.commercial_partner_id, younger.counts), (bert, True))

    def test_contact_into_another_family(self):
        """A contact of one customer is merged into a contact of another: the records change the customer."""
        bert = self._partner("Bert", parent_id=self.bob.id)
        anton = self._partner("Anton", parent_id=self.ann.id)
        older, younger = self._record(anton), self._record(bert)
        self._merge(anton, bert)
        self.assertEqual(younger.commercial_partner_id, self.ann)
        self.assertEqual(younger.overlap_id, older)
