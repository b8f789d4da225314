from contextlib import closing
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import NotNullViolation, SerializationFailure

from odoo.exceptions import UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .goal_case import GoalCase


@tagged("post_install", "-at_install")
class TestRecord(GoalCase):
    """What was measured, how it is checked and corrected."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2024-07-10 12:00:00"))
        super().setUpClass()
        cls.goal = cls._goal()
        cls.seller = cls._user("record_seller")

    def _corrections(self, record):
        return [
            (line.field, line.old, line.new, line.reason, line.create_uid)
            for line in record.correction_ids.sorted("id")
        ]

    def test_form_shows_what_it_means(self):
        """Gain, improvement and months while one types; nothing is shown before there is a value."""
        form = Form(self.env["customer.benefit.record"].with_user(self.seller))
        form.partner_id, form.metric_id = self.customer, self.faults
        self.assertEqual((form.unit, form.value, form.gain, form.improvement), ("faults", False, False, False))
        form.date_from, form.date_to = date(2024, 5, 1), date(2024, 6, 15)
        self.assertEqual((form.goal_id, form.baseline, form.periods), (self.goal, 12.0, 1.5))
        self.assertFalse(form.gain)
        form.value = 8
        self.assertEqual((form.improvement, form.gain, form.doubt), (4.0, 600.0, False))
        form.value = 15
        self.assertEqual((form.improvement, form.gain, form.doubt), (-3.0, -450.0, "worse"))
        form.metric_id = self.saved
        self.assertEqual((form.unit, form.goal_id), ("hours", self.goal.browse()))
        form.metric_id = self.faults
        record = form.save()
        self.assertEqual((record.source, record.state, record.counts), ("staff", "reported", False))

    def test_entered_with_the_goal(self):
        """Month by month, in the list of the goal."""
        with Form(self.goal.with_user(self.seller)) as form, form.record_ids.new() as line:
            line.date_from, line.date_to = date(2024, 5, 1), date(2024, 5, 31)
            line.value = 8
            self.assertEqual((line.gain, line.doubt), (400.0, False))
        record = self.goal.record_ids
        self.assertEqual((record.partner_id, record.metric_id, record.unit), (self.customer, self.faults, "faults"))
        self.assertEqual((record.counts, self.goal.latest_value), (True, 8.0))

    def test_value_is_not_zero_by_itself(self):
        for model, values in (
            ("customer.benefit.record", {"date_from": "2024-01-01", "date_to": "2024-01-31"}),
            ("customer.benefit.goal", {"date_target": "2024-12-31", "target": 3.0}),
        ):
            with (
                self.subTest(model), mute_logger("odoo.sql_db"), self.assertRaises(NotNullViolation),
                self.env.cr.savepoint(),
            ):
                self.env[model].create({
                    "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.faults.id, **values
                })

    def test_periods(self):
        for start, end, words in (
            ("2024-07-01", "2024-07-31", "in the future"),
            ("2024-07-11", "2024-07-11", "in the future"),
            ("2024-06-30", "2024-06-01", "Enter the earlier day first"),
            ("2014-07-01", "2024-06-30", "longer than 2 years"),
            ("2022-07-01", "2024-07-01", "longer than 2 years"),
        ):
            with (
                self.subTest(start=start, end=end), self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self._measure(8, start, end)
        self.assertTrue(self._measure(8, "2022-07-10", "2024-07-09"))
        self.assertTrue(self._measure(8, "2024-07-10", "2024-07-10"))

    def test_today_where_the_company_is(self):
        with freeze_time("2024-07-10 23:00:00"):
            with self.assertRaisesRegex(ValidationError, "in the future"), self.env.cr.savepoint():
                self._measure(8, "2024-07-11", "2024-07-11")
            company = self._make_company("Far East", tz="Asia/Tokyo")
            self.assertTrue(self._measure(8, "2024-07-11", "2024-07-11", company_id=company.id))

    def test_implausible_values_are_checked(self):
        record = self._measure(15, "2024-06-01", "2024-06-30")
        fine = self._measure(8, "2024-05-01", "2024-05-31")
        self.assertEqual((record.doubt, record.counts, record.gain), ("worse", False, -300.0))
        to_check = [("doubt", "!=", False), ("is_checked", "=", False), ("company_id", "=", self.company.id)]
        self.assertEqual(fine.search(to_check), record)
        (record | fine).with_user(self.seller).action_check()
        self.assertEqual((record.counts, record.check_user_id), (True, self.seller))
        self.assertFalse(fine.is_checked, "nobody doubted it")
        self.assertFalse(fine.search(to_check))
        record.value = 16
        self.assertEqual((record.is_checked, record.counts), (False, False), "16 was not what was right")
        record.value = 9
        self.assertEqual((record.doubt, record.counts), (False, True))
        unknown = self._measure(8, "2023-06-01", "2023-06-30")
        self.assertEqual((unknown.doubt, unknown.gain), ("baseline", False))
        with self.assertRaisesRegex(UserError, "Enter the baseline first"):
            unknown.action_check()
        unknown.baseline = 10
        self.assertEqual((unknown.doubt, unknown.gain, unknown.counts), (False, 200.0, True))

    def test_each_change_takes_the_check_back(self):
        for values in (
            {"value": 16}, {"baseline": 11, "correction_reason": "Miscounted"}, {"unit": "hours"},
            {"date_to": "2024-06-29"}, {"date_from": "2024-06-02"}, {"metric_id": self.saved.id},
            {"partner_id": self._partner("Other").id},
        ):
            record = self._measure(15, "2024-06-01", "2024-06-30")
            record.action_check()
            record.sudo().state = "confirmed"
            with self.subTest(values=values):
                record.write({"note": "Same", "value": 15})
                self.assertEqual((record.is_checked, record.state, len(record.correction_ids)), (True, "confirmed", 0))
                record.write(values)
                self.assertEqual((record.is_checked, record.check_user_id.id), (False, False))
                self.assertEqual((record.state, len(record.correction_ids)), ("reported", 1))
            record.unlink()

    def test_corrections(self):
        """Who, when, what it said, what it says, and why."""
        record = self._measure(8, "2024-06-01", "2024-06-30")
        record.sudo().state = "confirmed"
        mine = record.with_user(self.seller)
        with self.assertRaisesRegex(ValidationError, "only with a reason"), self.env.cr.savepoint():
            mine.baseline = 11
        self.assertEqual((record.baseline, record.state), (12.0, "confirmed"))
        with Form(mine) as form:
            self.assertFalse(form.is_corrected)
            form.value = 8.5
            self.assertTrue(form.is_corrected)
            self.assertFalse(form.is_baseline_changed)
            form.baseline = 11
            self.assertTrue(form.is_baseline_changed)
            form.correction_reason = "Counted again"
        self.assertEqual(self._corrections(record), [
            ("value", "8", "8.5", "Counted again", self.seller),
            ("baseline", "12", "11", "Counted again", self.seller),
        ])
        self.assertEqual((record.gain, record.state), (250.0, "reported"))
        mine.write({"unit": "mistakes", "date_to": "2024-06-29"})
        self.assertEqual(self._corrections(record)[2:], [
            ("unit", "faults", "mistakes", False, self.seller),
            ("date_to", "2024-06-30", "2024-06-29", False, self.seller),
        ])
        record.sudo().state = "contested"
        mine.value = 8
        self.assertEqual(record.state, "contested", "that is settled with the customer")

    def test_another_metric_is_no_other_unit(self):
        """Eight faults are not eight hours: somebody has to look at it, or correct the unit."""
        record = self._measure(18, "2024-06-01", "2024-06-30", baseline=12)
        record.write({"metric_id": self.saved.id, "goal_id": False})
        self.assertEqual((record.unit, record.doubt, record.counts, record.gain), ("faults", "unit", False, 360.0))
        record.unit = "hours"
        self.assertEqual((record.doubt, record.counts), (False, True))

    def test_overlaps(self):
        self._measure(8, "2024-06-01", "2024-06-30")
        for start, end, values in (
            ("2024-06-01", "2024-06-30", {}),
            ("2024-06-30", "2024-07-02", {}),
            ("2024-05-15", "2024-06-01", {}),
            ("2024-01-01", "2024-07-01", {}),
            ("2024-06-10", "2024-06-10", {"partner_id": self.contact.id}),
        ):
            with (
                self.subTest(start=start, end=end, values=values),
                self.assertRaisesRegex(ValidationError, "for Telecom User from 06/01/2024 to 06/30/2024 already"),
                self.env.cr.savepoint(),
            ):
                self._measure(8, start, end, **values)
        self._measure(8, "2024-05-01", "2024-05-31")
        self._measure(8, "2024-07-01", "2024-07-10")
        self._measure(8, "2024-06-01", "2024-06-30", product_id=self.product.id)
        self._measure(8, "2024-06-01", "2024-06-30", metric_id=self.saved.id)
        self._measure(8, "2024-06-01", "2024-06-30", partner_id=self._partner("Other").id)
        moved = self._measure(8, "2024-04-01", "2024-04-30")
        with self.assertRaisesRegex(ValidationError, "already"), self.env.cr.savepoint():
            moved.date_to = "2024-05-01"
        values = {
            "company_id": self.company.id, "partner_id": self.customer.id, "metric_id": self.faults.id, "value": 8,
            "date_from": "2024-01-01", "date_to": "2024-01-31",
        }
        with self.assertRaisesRegex(ValidationError, "already"), self.env.cr.savepoint():
            moved.create([values, {**values, "date_from": "2024-01-31"}])

    def test_two_people_at_once(self):
        """Who saves records of a customer for whom somebody else just saved some starts again, and sees them then."""
        self.env.cr.execute("SELECT 1")  # From here on, this transaction sees nothing of what others commit.
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            self.addCleanup(self._forget_lock)
            other.execute(
                "INSERT INTO customer_benefit_lock (company_id, partner_id, saves) VALUES (%s, %s, 1)",
                [self.company.id, self.customer.id],
            )
            other.commit()
        with (
            self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"), self.env.cr.savepoint(),
        ):
            self._measure(8, "2024-06-01", "2024-06-30")
        self.assertTrue(self._measure(8, "2024-06-01", "2024-06-30", partner_id=self._partner("Other").id))

    def _forget_lock(self):
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute(
                "DELETE FROM customer_benefit_lock WHERE company_id = %s AND partner_id = %s",
                [self.company.id, self.customer.id],
            )
            other.commit()

    def test_sums_of_gain(self):
        """A figure that somebody contests, or that nobody checked, is in no sum and no mean."""
        self._measure(8, "2024-06-01", "2024-06-30")
        self._measure(10, "2024-05-01", "2024-05-31")
        self._measure(2, "2024-04-01", "2024-04-30").sudo().state = "contested"
        self._measure(20, "2024-03-01", "2024-03-31")
        domain = [("company_id", "=", self.company.id)]
        records = self.env["customer.benefit.record"]
        self.assertEqual(records._read_group(domain, [], ["gain:sum", "gain:avg", "__count"]), [(600.0, 300.0, 4)])
        self.assertEqual(
            [gain for _month, gain in records._read_group(domain, ["date_to:month"], ["gain:sum"])],
            [False, False, 200.0, 400.0],
        )
        self.assertEqual(
            [gain for _month, gain in records._read_group(
                domain, ["date_to:month"], ["gain:sum"], order="gain:sum DESC NULLS LAST"
            )],
            [400.0, 200.0, False, False],
        )

    def test_changes_mark_the_customer(self):
        record = self._measure(8, "2024-06-01", "2024-06-30")
        marks = self.env["customer.value.mark"]
        for values in ({"value": 9}, {"date_to": "2024-06-29"}, {"baseline": 13, "correction_reason": "Counted again"}):
            self.env.cr.precommit.run()
            while marks._take(10000):
                pass
            record.write(values)
            self.env.cr.precommit.run()
            with self.subTest(values=values):
                self.assertEqual(marks._take(10000), {self.company.id: {self.customer.id}})
