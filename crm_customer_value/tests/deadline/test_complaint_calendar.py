"""Deadlines in working hours, worked out by hand: local times of Vienna unless another zone is named."""

from odoo.tests import tagged

from .complaint_clock_case import AFTERNOON, MORNING, SECOND, ComplaintClockCase, utc


@tagged("post_install", "-at_install")
class TestComplaintCalendar(ComplaintClockCase):
    def _check(self, calendar, table, tz="Europe/Vienna"):
        """Check rows of (start, hours, deadline), and that counting the hours back is exact."""
        for start, hours, deadline in table:
            with self.subTest(start=start, hours=hours):
                start, deadline = utc(start, tz), utc(deadline, tz)
                self.assertEqual(calendar._customer_deadline(start, hours), deadline)
                self.assertHours(calendar._customer_hours(start, deadline), hours)
                self.assertHours(calendar._customer_hours(deadline, start), -hours)

    def test_office_week(self):
        self._check(self.calendar, [
            ("2026-01-05 09:00", 2, "2026-01-05 11:00"),
            ("2026-01-05 11:00", 2, "2026-01-05 14:00"),  # over lunch
            ("2026-01-05 11:00", 1, "2026-01-05 12:00"),  # done when lunch begins, not when it ends
            ("2026-01-05 12:30", 1, "2026-01-05 14:00"),  # begins during lunch
            ("2026-01-05 06:00", 1, "2026-01-05 09:00"),  # before work
            ("2026-01-05 18:00", 1, "2026-01-06 09:00"),  # after work
            ("2026-01-09 16:00", 2, "2026-01-12 09:00"),  # over the weekend
            ("2026-01-10 10:00", 8, "2026-01-12 17:00"),  # on the weekend
            ("2026-01-05 08:00", 40, "2026-01-09 17:00"),
            ("2026-01-05 08:00", 41, "2026-01-12 09:00"),
            ("2026-01-05 16:59:50", 20 / 3600, "2026-01-06 08:00:10"),
            ("2026-01-05 08:00", 1 / 3, "2026-01-05 08:20"),
            ("2026-01-10 10:00", 0, "2026-01-10 10:00"),  # nothing to do is done at once
            ("2026-01-12 09:00", -2, "2026-01-09 16:00"),  # backwards over the weekend
            ("2026-01-12 10:00", -2, "2026-01-12 08:00"),  # the last moment that fits
        ])

    def test_holidays(self):
        self._holiday("2026-01-01", "2026-01-01")
        self._holiday("2026-01-06", "2026-01-06")
        # Half a day off.
        self._holiday("2026-01-07", "2026-01-07", date_to=utc("2026-01-07 10:00"))
        self._check(self.calendar, [
            ("2025-12-31 16:00", 2, "2026-01-02 09:00"),  # over new year
            ("2025-12-31 16:00", 10, "2026-01-05 09:00"),
            ("2026-01-05 16:00", 2, "2026-01-07 11:00"),
            ("2026-01-06 09:00", 1, "2026-01-07 11:00"),  # begins on a holiday
        ])
        self.assertHours(self.calendar._customer_hours(utc("2026-01-05 08:00"), utc("2026-01-10 00:00")), 30)

    def test_whose_holiday(self):
        """Holidays of the company count for its calendars, those of others and of one person do not."""
        start = utc("2026-01-05 16:00")
        other = self.env["res.company"].create({"name": "Another Company"})
        none = self.env["resource.calendar"]
        self._holiday("2026-01-06", "2026-01-06", none).company_id = other
        self._holiday("2026-01-06", "2026-01-06", self._calendar("Shop"))
        person = self.env["resource.resource"].create({"name": "Somebody", "calendar_id": self.calendar.id})
        self._holiday("2026-01-06", "2026-01-06", resource_id=person.id)
        self._holiday("2026-01-06", "2026-01-06", time_type="other")
        self.assertLocal(self.calendar._customer_deadline(start, 2), "2026-01-06 09:00")
        self._holiday("2026-01-06", "2026-01-06", none)
        self.assertLocal(self.calendar._customer_deadline(start, 2), "2026-01-07 09:00")

    def test_daylight_saving(self):
        office = [
            ("2026-03-27 16:00", 2, "2026-03-30 09:00"),
            ("2026-10-23 16:00", 2, "2026-10-26 09:00"),
        ]
        self._check(self.calendar, office)
        # Sunday from midnight to eight: seven hours in spring, nine in autumn.
        night = self._calendar("Night", hours=[(0, 8)], days=[6])
        self._check(night, [
            ("2026-03-29 00:00", 1, "2026-03-29 01:00"),
            ("2026-03-29 00:00", 6, "2026-03-29 07:00"),
            ("2026-03-29 00:00", 7, "2026-03-29 08:00"),
            ("2026-10-25 00:00", 6, "2026-10-25 05:00"),
            ("2026-10-25 00:00", 9, "2026-10-25 08:00"),
            ("2026-10-24 12:00", 10, "2026-11-01 01:00"),
        ])

    def test_two_time_zones(self):
        """The calendar's zone counts, whatever those of the user, the company and the server."""
        york = self._calendar("New York", tz="America/New_York").with_context(tz="Asia/Tokyo")
        self._check(york, [
            ("2026-01-05 16:00", 2, "2026-01-06 09:00"),
            ("2026-01-09 16:00", 2, "2026-01-12 09:00"),
        ], tz="America/New_York")
        # 16:00 in Vienna is 10:00 in New York: two hours until lunch.
        self.assertLocal(york._customer_deadline(utc("2026-01-05 16:00"), 2), "2026-01-05 18:00")
        # New York changes its clocks three weeks before Vienna: 8:00 is 13:00 in Vienna, not 14:00.
        self.assertLocal(york._customer_deadline(utc("2026-03-16 09:00"), 1), "2026-03-16 14:00")
        # Far east, where the local week begins on Sunday in UTC.
        tokyo = self._calendar("Tokyo", tz="Asia/Tokyo")
        self._check(tokyo, [
            ("2026-01-02 16:00", 2, "2026-01-05 09:00"),
            ("2026-01-05 08:00", 8, "2026-01-05 17:00"),
        ], tz="Asia/Tokyo")

    def test_weeks_begin_elsewhere_first(self):
        """Sunday evening in New York is Monday in UTC, Monday morning in Tokyo is Sunday."""
        evening = self._calendar("Evening", hours=[(18, 24)], days=[6], tz="America/New_York")
        self._check(evening, [
            ("2026-01-11 21:00", 2, "2026-01-11 23:00"),
            ("2026-01-11 22:00", 3, "2026-01-18 19:00"),
        ], tz="America/New_York")
        morning = self._calendar("Morning", hours=[(0, 8)], days=[0], tz="Asia/Tokyo")
        self._check(morning, [
            ("2026-01-11 12:00", 3, "2026-01-12 03:00"),
            ("2026-01-12 01:00", 2, "2026-01-12 03:00"),
        ], tz="Asia/Tokyo")

    def test_two_weeks(self):
        calendar = self._calendar("Two weeks", days=[], two_weeks_calendar=True)
        # 2026-01-05 is in a second week (by Odoo's count of weeks from the year 1).
        week = str(self.env["resource.calendar.attendance"].get_week_type(utc("2026-01-05 12:00").date()))
        calendar.attendance_ids = [
            *self._attendances([MORNING], [0], week_type=week),
            *self._attendances([AFTERNOON], [2], week_type="1" if week == "0" else "0"),
        ]
        self._check(calendar, [
            ("2026-01-05 08:00", 4, "2026-01-05 12:00"),
            ("2026-01-05 08:00", 6, "2026-01-14 15:00"),
            ("2026-01-05 08:00", 9, "2026-01-19 09:00"),
            ("2026-01-05 08:00", 16, "2026-01-28 17:00"),
        ])

    def test_around_the_clock(self):
        always = self._calendar("Always", hours=[(0, 24)], days=range(7))
        self._check(always, [
            ("2026-01-05 08:00", 100, "2026-01-09 12:00"),
            ("2026-03-28 12:00", 24, "2026-03-29 13:00"),
        ])
        self._check(self.env["resource.calendar"], [
            ("2026-01-05 08:00", 100, "2026-01-09 12:00"),
            ("2026-01-05 08:00", -8, "2026-01-05 00:00"),
        ])
        # A holiday ends at 23:59:59; the second until midnight is not worked either.
        self._holiday("2026-01-06", "2026-01-06", always)
        self._check(always, [("2026-01-05 23:00", 2, "2026-01-07 01:00")])

    def test_flexible(self):
        """Flexible hours lie around noon: eight hours a day are 8 to 16, until the week's forty are used."""
        flexible = self._calendar("Flexible", days=[], schedule_type="flexible")
        flexible.write({"hours_per_day": 8, "full_time_required_hours": 40})
        self._check(flexible, [
            ("2026-01-07 10:00", 2, "2026-01-07 12:00"),
            ("2026-01-07 15:00", 2, "2026-01-08 09:00"),
            ("2026-01-09 15:00", 2, "2026-01-12 09:00"),
        ])

    def test_far_away(self):
        # 2,000 hours are 50 weeks of 40.
        self._check(self.calendar, [
            ("2026-01-05 08:00", 2000, "2026-12-18 17:00"),
            ("2026-01-05 08:00", 16000, "2033-09-02 17:00"),
        ])

    def test_never(self):
        start = utc("2026-01-05 08:00")
        empty = self._calendar("Empty", days=[])
        self.assertIs(empty._customer_deadline(start, 1), False)
        self.assertIs(empty._customer_deadline(start, -1), False)
        self.assertEqual(empty._customer_hours(start, utc("2027-01-05 08:00")), 0)
        lunch = self._calendar("Lunch only", days=[])
        lunch.attendance_ids = self._attendances([(12, 13)], [0], day_period="lunch")
        self.assertIs(lunch._customer_deadline(start, 1), False)
        self._holiday("2020-01-01", "2060-01-01")
        self.assertIs(self.calendar._customer_deadline(start, 1), False)

    def test_inverse(self):
        """From any second of a fortnight, the hours until the deadline are the hours asked for."""
        self._holiday("2026-01-06", "2026-01-06")
        clock = self.calendar._customer_working_time()
        start = utc("2026-01-03 00:00:07")
        for number in range(400):
            begin = start + number * 3023 * SECOND
            seconds = 1 + number * 977 % 200_000
            end = clock.moment(begin, seconds)
            self.assertEqual(clock.seconds(begin, end), seconds)
            self.assertEqual(clock.seconds(begin, end - SECOND), seconds - 1)
            back = clock.moment(end, -seconds)
            self.assertEqual(clock.seconds(back, end), seconds)
            self.assertEqual(clock.seconds(back + SECOND, end), seconds - 1)

    def test_everybody_gets_the_same(self):
        """Holidays count for those who may not read them."""
        self._holiday("2026-01-06", "2026-01-06")
        start = utc("2026-01-05 16:00")
        portal = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "Portal", "login": "clock_portal", "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
        })
        for user in (self.agent, portal):
            self.assertLocal(self.calendar.with_user(user)._customer_deadline(start, 2), "2026-01-07 09:00")
