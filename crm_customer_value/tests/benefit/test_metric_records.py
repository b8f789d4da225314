from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .goal_case import GoalCase

COMPUTED = ("gain", "doubt", "counts")


@tagged("post_install", "-at_install")
class TestMetricRecords(GoalCase):
    """What was measured with a metric follows its changes, all of it by one statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._make_company("Euros", currency=cls.eur)
        cls.env["res.currency.rate"].search([("currency_id", "in", (cls.usd | cls.eur).ids)]).unlink()
        cls.env["res.currency.rate"].create([
            {"name": day, "rate": rate, "currency_id": currency.id, "company_id": company.id}
            for day, rate, currency, company in (
                ("2023-01-01", 0.5, cls.eur, cls.company), ("2024-03-01", 0.8, cls.eur, cls.company),
                ("2023-01-01", 2.0, cls.usd, cls.other_company), ("2024-03-01", 1.25, cls.usd, cls.other_company),
            )
        ])

    def _measure_all_sorts(self):
        """Return records that differ in everything that a gain depends on, in two companies."""
        return self.env["customer.benefit.record"].concat(*(
            self._measure(value, start, end, company_id=company.id, baseline=baseline, unit=unit)
            for company in (self.company, self.other_company)
            for value, baseline, unit, start, end in (
                (8, 12, "faults", "2024-01-01", "2024-01-31"),
                (8, 12, " Faults", "2024-02-10", "2024-02-29"),
                (8, 12, "hours", "2024-03-01", "2024-04-15"),
                (8, 12, False, "2024-05-01", "2024-05-01"),
                (13.37, 12, "faults", "2024-06-01", "2024-06-30"),
                (130, 12, "faults", "2024-07-01", "2024-07-31"),
                (2, 0, "faults", "2024-08-01", "2024-08-31"),
                (20, 0, "faults", "2024-09-01", "2024-09-30"),
                (8, False, "faults", "2024-10-01", "2024-10-31"),
                (7.77, 11.11, "faults", "2022-12-17", "2023-12-31"),
            )
        ))

    def test_as_records_are_computed(self):
        """Whatever changes, the statement says the same as records that are computed one by one."""
        records = self._measure_all_sorts()
        records[0].state = "contested"
        records[1].overlap_id = records[0]
        checked = records[4]
        checked.action_check()
        seen = set()
        for values in (
            {"money_per_unit": 33.33}, {"period": "year"}, {"period": "once"}, {"currency_id": self.eur.id},
            {"typical_min": 0.0, "typical_max": 5.0}, {"direction": "higher"}, {"period": "month"},
            {"unit": "hours"}, {"money_per_unit": 0.0},
        ):
            with self.subTest(values):
                self.faults.write(values)
                found = [record.read([*COMPUTED, "is_checked"])[0] for record in records]
                seen.update((record["doubt"], record["counts"]) for record in found)
                for name in COMPUTED:
                    self.env.add_to_compute(records._fields[name], records)
                self.env.flush_all()
                self.assertEqual([record.read([*COMPUTED, "is_checked"])[0] for record in records], found)
        self.assertEqual(
            {doubt for doubt, _counts in seen}, {False, "baseline", "unit", "worse", "size", "range", "overlap"}
        )
        self.assertLessEqual({(False, True), (False, False), ("worse", True)}, seen)
        self.assertFalse(checked.is_checked, "it was said of the old unit")

    def test_by_hand(self):
        """Four faults less in January; half of May in another company, whose dollar is 0.8 euros on its last day."""
        january = self._measure(8, "2024-01-01", "2024-01-31", baseline=12)
        may = self._measure(8, "2024-05-01", "2024-05-31", baseline=12, company_id=self.other_company.id)
        untouched = self._measure(8, "2024-01-01", "2024-01-31", baseline=12, metric_id=self.saved.id)
        self.assertEqual((january.gain, may.gain, untouched.gain), (400.0, 320.0, -240.0))
        self.faults.money_per_unit = 250.0
        self.assertEqual((january.gain, may.gain, untouched.gain), (1000.0, 800.0, -240.0))
        self.faults.period = "year"
        self.assertEqual((january.gain, may.gain), (83.33, 66.67))

    def test_only_what_changes_is_written(self):
        """Who wrote a record last is told by it, also when the metric did."""
        record, unknown = (
            self._measure(8, start, end, baseline=baseline)
            for start, end, baseline in (("2024-01-01", "2024-01-31", 12), ("2024-02-01", "2024-02-29", False))
        )
        user = self._user("metric_manager", "sales_team.group_sale_manager")
        self.faults.with_user(user).money_per_unit = 250.0
        self.assertEqual((record.write_uid, unknown.write_uid), (user, self.env.user))

    def test_goals_follow(self):
        """What does not count any more is not how far a goal is."""
        goal = self._goal(baseline=0.0, target=-10.0)
        record = self._measure(-4, "2024-01-01", "2024-01-31")
        self.assertEqual((record.doubt, goal.latest_value), ("range", False))
        self.faults.write({"typical_min": -5.0, "typical_max": 0.0})
        self.assertEqual((record.doubt, record.counts, goal.latest_value, goal.progress), (False, True, -4.0, 40.0))
        self.faults.write({"typical_min": -3.0})
        self.assertEqual((record.counts, goal.latest_value, goal.progress), (False, False, False))

    def test_queries_do_not_grow(self):
        def change(worth):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.faults.money_per_unit = worth
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._measure(8, "2024-01-01", "2024-01-31", baseline=12)
        change(1.0)
        of_one = change(2.0)
        for day in range(1, 29):
            self._measure(8, f"2024-02-{day:02}", f"2024-02-{day:02}", baseline=12)
        self.assertEqual(change(3.0), of_one)
        # One day of the 29 of that February: 4 faults less, worth 3 dollars each.
        newest = self.env["customer.benefit.record"].search([("metric_id", "=", self.faults.id)], limit=1)
        self.assertEqual(newest.gain, 0.41)

    def test_gain_that_is_too_large(self):
        record = self._measure(0.0, "2024-01-01", "2024-02-29", baseline=9e14)
        before = record.gain
        with self.assertRaisesRegex(ValidationError, "Gain must be a number"), self.env.cr.savepoint():
            self.faults.money_per_unit = 9e14
        self.assertAlmostEqual(before / 1.8e17, 1.0)
        self.assertAlmostEqual(record.gain / before, 1.0)
