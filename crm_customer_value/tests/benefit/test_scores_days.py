from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.tests import tagged

from ..benefit_case import BENEFIT, BenefitCase


@tagged("post_install", "-at_install")
class TestScoresDays(BenefitCase):
    """What customers gained is right as of any day."""

    def _part(self, record, inside, of):
        gain = Decimal(str(record.gain)) * inside / of
        return float(gain.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def test_period_over_the_edge(self):
        """The part of its days that lies in the period counts, at both ends."""
        monthly = self._metric("Monthly", period="month", money_per_unit=7.77)
        customer = self._buyer("Edge", days=500)
        early = self._record(customer, 60.0, 355, first=374, metric=monthly)
        self.assertEqual(self._now(customer, "benefit_gain_12m"), self._part(early, 10, 20))
        self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=self._day(1)), self._part(early, 11, 20))
        self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=self._day(355)), early.gain)
        # Of the last three days of it, when they were not over.
        self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=self._day(358)), self._part(early, 17, 20))
        self.assertIs(self._now(customer, "benefit_gain_12m", as_of=self._day(375)), False)
        early.unlink()
        last = self._record(customer, 60.0, 364, first=370, metric=monthly)
        self.assertEqual(self._now(customer, "benefit_gain_12m"), self._part(last, 1, 7))

    def test_what_was_measured_today(self):
        """It counts today, and yesterday nobody knew it."""
        customer = self._buyer("Today")
        self._record(customer, 90.0, 0)
        daily = self._metric("Daily", period="month", money_per_unit=30.0)
        today = self._record(customer, 90.0, 0, metric=daily)
        gain = round(100.0 + today.gain, 2)
        self.assertEqual(self._now(customer, "benefit_gain_12m", "benefit_record_count"), (gain, 2))
        self.assertIs(self._now(customer, "benefit_gain_12m", as_of=self._day(1)), False)

    def test_once_counts_on_its_last_day(self):
        customer = self._buyer("Once", days=800)
        self._record(customer, 90.0, 364, first=700)
        self._record(customer, 80.0, 365, first=700)
        self.assertEqual(self._now(customer, "benefit_gain_12m"), 100.0)
        self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=self._day(1)), 300.0)
        self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=self._day(365)), 200.0)
        self.assertIs(self._now(customer, "benefit_gain_12m", as_of=self._day(366)), False)

    def test_leap_day(self):
        """February of a leap year leaves the period day by day, a year later."""
        monthly = self._metric("February", period="month", money_per_unit=10.0)
        customer = self._partner("Leap")
        self._order(customer, date(2022, 1, 1), 1000.0)
        leap = self.env["customer.benefit.record"].create({
            "partner_id": customer.id, "company_id": self.company.id, "metric_id": monthly.id, "baseline": 100.0,
            "value": 71.0, "date_from": date(2024, 2, 1), "date_to": date(2024, 2, 29),
        })
        self.assertEqual(leap.gain, 290.0)
        for as_of, gain in (
            (date(2024, 2, 29), 290.0), (date(2024, 2, 28), 280.0), (date(2025, 1, 30), 290.0),
            (date(2025, 2, 26), 20.0), (date(2025, 2, 27), 10.0), (date(2025, 2, 28), False),
        ):
            self.assertEqual(self._now(customer, "benefit_gain_12m", as_of=as_of), gain, as_of)

    def test_need_is_met_and_open_again(self):
        customer = self._buyer("Changes", days=500)
        need = self._need(customer, days=100)
        self._become(need, "met", 50)
        self._become(need, "open", 20)
        for days, score in (
            (101, False), (100, 33.3), (51, 33.3), (50, 66.7), (21, 66.7), (20, 33.3), (0, 33.3),
        ):
            self.assertEqual(self._now(customer, "functional_score", as_of=self._day(days)), score, days)
        self._become(need, "not_for_us", 10)
        self.assertEqual(self._now(customer, "functional_score", as_of=self._day(11)), 33.3)
        self.assertIs(self._now(customer, "functional_score"), False)

    def test_need_that_changed_twice_on_one_day(self):
        """What it was in the evening is what it was from that day on."""
        customer = self._buyer("Changes", days=500)
        need = self._need(customer, days=100)
        for state, days in (("met", 50), ("partly", 50), ("open", 20)):
            self._become(need, state, days)
        for days, score in ((51, 33.3), (50, 50.0), (21, 50.0), (20, 33.3)):
            self.assertEqual(self._now(customer, "functional_score", as_of=self._day(days)), score, days)

    def test_goals_of_that_day(self):
        """A goal is known from its start, goes by what was measured until then, and counts for 24 months more."""
        customer = self._buyer("Aims", days=900)
        goal = self._goal(customer, start=100, ended=20)
        self._record(customer, 75.0, 80, goal_id=goal.id)
        self._record(customer, 50.0, 30, goal_id=goal.id)
        # After its time it is no news of this goal.
        self._record(customer, 90.0, 10, goal_id=goal.id)
        for days, delivered in ((101, False), (81, False), (80, 50.0), (31, 50.0), (30, 100.0), (0, 100.0)):
            self.assertEqual(self._now(customer, "value_delivered", as_of=self._day(days)), delivered, days)
        goal.write({"date_start": date(2022, 1, 1), "date_target": date(2022, 8, 31)})
        early = self.env["customer.benefit.record"].create({
            "partner_id": customer.id, "company_id": self.company.id, "metric_id": self.metric.id, "value": 90.0,
            "date_from": date(2022, 8, 1), "date_to": date(2022, 8, 31), "goal_id": goal.id,
        })
        self.assertEqual(early.baseline, 100.0)
        self._order(customer, date(2022, 1, 1), 100.0)
        for as_of, delivered in ((date(2022, 8, 31), 20.0), (date(2024, 8, 31), 20.0), (date(2024, 9, 1), False)):
            self.assertEqual(self._now(customer, "value_delivered", as_of=as_of), delivered, as_of)

    def test_answers_of_that_day(self):
        customer = self._buyer("Answers", days=500)
        complaint = self._complain(customer, days=400)
        self._rate(complaint, 1, days=50)
        self._rate(complaint, 5, days=20)
        for days, score in ((51, False), (50, 33.3), (21, 33.3), (20, 66.7), (0, 66.7)):
            self.assertEqual(self._now(customer, "emotional_score", as_of=self._day(days)), score, days)

    def test_looking_back_changes_nothing(self):
        """After a look at an earlier day, the values of today are what they were, falls included."""
        customer = self._buyer("Looks back", days=500)
        self._record(customer, 0.0, 100)
        need = self._need(customer, days=100)
        self._become(need, "met", 10)
        before = self._now(customer, *BENEFIT, "benefit_fell_on")
        self._recompute(as_of=self._day(50))
        self.assertNotEqual(tuple(self._value(customer)[name] for name in BENEFIT), before[:-1])
        self.assertEqual(self._now(customer, *BENEFIT, "benefit_fell_on"), before)

    def test_month_end(self):
        """A month end keeps what was gained by then."""
        month_end = self.env["customer.value.snapshot"]._last_month_end(self.company)
        days = (self.today - month_end).days
        customer = self._buyer("Month end", days=days + 20)
        self._record(customer, 0.0, days + 5)
        self._record(customer, 0.0, days - 1)
        self._need(customer, "met", days=days + 3)
        self._recompute(as_of=month_end)
        snapshot = self.env["customer.value.snapshot"].search([
            ("partner_id", "=", customer.id), ("date", "=", month_end),
        ])
        self.assertEqual(
            (snapshot.benefit_gain_12m, snapshot.benefit_ratio, snapshot.economic_score, snapshot.functional_score,
             snapshot.emotional_score, snapshot.benefit_index, snapshot.value_delivered),
            (1000.0, 1.0, 50.0, 66.7, False, 58.4, False),
        )
        self.assertEqual((snapshot.has_benefit_score, snapshot.benefit_score), (True, 58.4))
        self.assertEqual(self._now(customer, "benefit_gain_12m"), 2000.0)
        self.assertEqual(self._value(customer)._story_point(snapshot, month_end)["details"][-1], {
            "label": "Benefit Index", "text": "58.4",
        })
