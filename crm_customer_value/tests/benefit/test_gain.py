from datetime import date

from odoo.tests import tagged

from ...engine.benefit import gain, progress
from .goal_case import GoalCase


@tagged("post_install", "-at_install")
class TestGain(GoalCase):
    """What a measurement is worth, worked out by hand."""

    def test_months_by_hand(self):
        for start, end, months in (
            (date(2023, 1, 1), date(2023, 1, 31), 1.0),
            (date(2023, 2, 1), date(2023, 2, 28), 1.0),
            (date(2024, 2, 1), date(2024, 2, 29), 1.0),
            (date(2024, 2, 1), date(2024, 2, 28), 28 / 29),
            (date(2023, 2, 1), date(2023, 2, 14), 14 / 28),
            (date(2024, 2, 29), date(2024, 2, 29), 1 / 29),
            (date(2023, 1, 16), date(2023, 3, 15), 16 / 31 + 1 + 15 / 31),
            (date(2023, 12, 31), date(2024, 1, 1), 1 / 31 + 1 / 31),
            (date(2023, 1, 1), date(2023, 12, 31), 12.0),
            (date(2023, 7, 1), date(2024, 6, 30), 12.0),
        ):
            with self.subTest(start=start, end=end):
                self.assertAlmostEqual(gain.months_covered(start, end), months, places=12)
                self.assertAlmostEqual(gain.periods_covered("year", start, end), months / 12, places=12)
                self.assertEqual(gain.periods_covered("once", start, end), 1.0)

    def test_gain_by_hand(self):
        energy = self._metric("Energy", "kWh", 0.25, period="year")
        move = self._metric("Moving", "days", 600.0, period="once")
        cold = self._metric("Temperature", "degrees", 10.0)
        for metric, baseline, value, start, end, expected in (
            (self.faults, 12, 8, "2023-01-01", "2023-01-31", 400.0),
            (self.faults, 12, 8, "2024-02-01", "2024-02-29", 400.0),
            (self.faults, 12, 8, "2025-02-01", "2025-02-14", 200.0),
            (self.faults, 12, 8, "2024-03-31", "2024-04-01", 26.24),  # 400 / 31 + 400 / 30
            (self.faults, 12, 12, "2023-03-01", "2023-03-31", 0.0),
            (self.faults, 12, 14, "2023-04-01", "2023-04-30", -200.0),
            (self.faults, 12, 8, "2022-01-01", "2022-12-31", 4800.0),
            (self.saved, 10, 25, "2024-01-01", "2024-01-31", 900.0),
            (self.saved, 10, 4, "2024-02-01", "2024-02-29", -360.0),
            (energy, 50000, 44000, "2023-01-01", "2023-12-31", 1500.0),
            (energy, 50000, 44000, "2024-01-01", "2024-06-30", 750.0),
            (move, 20, 5, "2024-01-05", "2024-01-09", 9000.0),
            (cold, -5, -8, "2024-01-01", "2024-01-31", 30.0),
            (cold, -5, 2, "2024-02-01", "2024-02-29", -70.0),
        ):
            with self.subTest(metric=metric.name, start=start):
                record = self._measure(value, start, end, metric_id=metric.id, baseline=baseline)
                self.assertEqual(record.gain, expected)
                self.assertEqual(record.currency_id, self.usd)

    def test_several_currencies(self):
        """At the rate of the last day, in the currency of the company."""
        for day, rate in (("2024-01-01", 0.5), ("2024-06-01", 0.8)):
            self.env["res.currency.rate"].create({
                "currency_id": self.eur.id, "company_id": self.company.id, "name": day, "rate": rate,
            })
        euros = self._metric("Faults in Euros", "faults", 100.0, currency_id=self.eur.id)
        self.assertEqual(self._measure(8, "2024-01-01", "2024-01-31", metric_id=euros.id, baseline=12).gain, 800.0)
        self.assertEqual(self._measure(8, "2024-06-01", "2024-06-30", metric_id=euros.id, baseline=12).gain, 500.0)
        # 400 euros × (16/31 + 1/30) at 0.8: the rate changed on the last day.
        across = self._measure(
            8, "2024-05-16", "2024-06-01", metric_id=euros.id, baseline=12, product_id=self.product.id
        )
        self.assertEqual(across.gain, 274.73)
        records = self.env["customer.benefit.record"].search([("metric_id", "=", euros.id)], order="date_to")
        euros.money_per_unit = 200.0
        self.assertEqual(records.mapped("gain"), [1600.0, 549.46, 1000.0], "each at the rate of its own day")

    def test_doubts_by_hand(self):
        """(lower is better, baseline, value, typical) → why somebody has to say that it is right."""
        for lower, baseline, value, typical, expected in (
            (True, 12.0, 8.0, None, None),
            (True, 12.0, 12.0, None, None),
            (True, 12.0, 12.5, None, "worse"),
            (True, 12.0, 121.0, None, "worse"),
            (True, 12.0, -121.0, None, "size"),
            (True, None, 8.0, (0, 30), "baseline"),
            (False, 10.0, 100.0, None, None),
            (False, 10.0, 100.5, None, "size"),
            (False, 10.0, 9.0, (0, 200), "worse"),
            (False, 0.0, 5.0, None, "range"),
            (False, 0.0, 5.0, (0, 200), None),
            (False, 0.0, 200.0, (0, 200), None),
            (False, 0.0, 201.0, (0, 200), "range"),
            (True, 0.0, 0.0, (0, 30), None),
            (True, 0.0, 0.0, None, "range"),
            (True, -5.0, -50.0, None, None),
            (True, -5.0, -51.0, None, "size"),
            (True, -5.0, -4.0, None, "worse"),
        ):
            with self.subTest(lower=lower, baseline=baseline, value=value, typical=typical):
                measured = gain.Measurement(value, baseline, lower, "h", "h", typical)
                self.assertEqual(gain.doubt(measured), expected)
        self.assertEqual(gain.doubt(gain.Measurement(8.0, 12.0, True, "min", "h")), "unit")
        self.assertIsNone(gain.doubt(gain.Measurement(8.0, 12.0, True, " H ", "h")))

    def test_progress_by_hand(self):
        for baseline, target, value, share in (
            (12, 3, 12, 0.0), (12, 3, 7.5, 0.5), (12, 3, 3, 1.0), (12, 3, 1, 1.0), (12, 3, 15, 0.0),
            (0, 20, 5, 0.25), (-5, -10, -7.5, 0.5), (-5, 5, 0, 0.5),
        ):
            with self.subTest(baseline=baseline, target=target, value=value):
                self.assertAlmostEqual(progress.progress(baseline, target, value), share, places=12)

    def test_states_by_hand(self):
        """Ten days: after the fifth, half of the way is expected, and a tenth less is enough."""
        start, target = date(2024, 2, 25), date(2024, 3, 5)
        self.assertEqual(progress.expected(start, target, date(2024, 2, 29)), 0.5)
        self.assertEqual(progress.expected(start, target, date(2024, 2, 20)), 0.0)
        self.assertEqual(progress.expected(start, target, date(2024, 4, 1)), 1.0)
        for share, latest, today, state in (
            (0.4, date(2024, 2, 29), date(2024, 2, 29), "on_track"),
            (0.39, date(2024, 2, 29), date(2024, 2, 29), "behind"),
            # It does not fall behind by waiting for the next measurement.
            (0.4, date(2024, 2, 29), date(2024, 3, 5), "on_track"),
            (0.4, date(2024, 2, 29), date(2024, 3, 6), "missed"),
            (1.0, date(2024, 2, 29), date(2024, 2, 29), "reached"),
            (1.0, date(2024, 2, 29), date(2024, 3, 6), "reached"),
            (0.0, date(2024, 2, 25), date(2024, 2, 25), "on_track"),
        ):
            with self.subTest(share=share, latest=latest, today=today):
                self.assertEqual(progress.state(share, start, target, latest, today), state)
