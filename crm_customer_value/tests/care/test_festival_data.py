"""The dates of festivals, worked out again by other means than those they were entered by."""

from datetime import date, datetime, timedelta
from math import radians, sin

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from odoo.tests import TransactionCase, tagged

YEARS = range(2026, 2036)
# Terms of the new moon: sine of multiples of the sun's anomaly, the moon's anomaly and the moon's argument of latitude.
# J. Meeus, Astronomical Algorithms, chapter 49; what is left out is less than five minutes.
NEW_MOON = (
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2), (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2), (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0),
    (-0.00042, 0, 3, 0), (0.00042, 1, 0, 2), (0.00038, 1, 0, -2), (-0.00024, -1, 2, 0),
)


def new_moons(first_year, last_year):
    """Return the new moons of some years as datetimes in UTC, to a few minutes."""
    found = []
    for number in range(int((first_year - 2000) * 12.3685) - 1, int((last_year + 1 - 2000) * 12.3685) + 2):
        t = number / 1236.85
        julian = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
        sun = radians(2.5534 + 29.10535670 * number)
        moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
        latitude = radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
        eccentricity = 1 - 0.002516 * t
        node = radians(124.7746 - 1.56375588 * number)
        julian += sum(
            factor * eccentricity ** abs(suns) * sin(suns * sun + moons * moon + latitudes * latitude)
            for factor, suns, moons, latitudes in NEW_MOON
        ) - 0.00017 * sin(node) + 0.000325 * sin(radians(299.77 + 0.107408 * number))
        # The clocks of the earth are 70 to 80 seconds behind the time of planets in these years.
        found.append(datetime(2000, 1, 1, 12) + timedelta(days=julian - 2451545.0, seconds=-75))
    return found


def sun_longitude(moment):
    """Return where the sun stands in the sky, in degrees: 270 at the winter solstice; Meeus, chapter 25."""
    t = (moment - datetime(2000, 1, 1, 12)) / timedelta(days=36525)
    anomaly = radians(357.52911 + 35999.05029 * t)
    center = (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    apparent = 280.46646 + 36000.76983 * t + center - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return apparent % 360


def lunar_month(year, number, hours):
    """Return the first day of a month of the Chinese year that begins in a year.

    The month with the winter solstice is the eleventh. If there are thirteen months to the next one, the first of them
    in which the sun reaches no multiple of 30 degrees is a leap month, which has no number.

    :param number: 1 to 10
    :param hours: of the time zone of the calendar, ahead of UTC
    """
    zone = timedelta(hours=hours)
    days = sorted((moon + zone).date() for moon in new_moons(year - 1, year + 1))
    places = [sun_longitude(datetime(day.year, day.month, day.day) - zone) for day in days]
    eleventh = [
        place for place in range(len(days) - 1)
        if days[place].month in (11, 12) and (270 - places[place]) % 360 < 40 and (places[place + 1] - 270) % 360 < 40
    ]
    begin = next(place for place in eleventh if days[place].year == year - 1)
    end = next(place for place in eleventh if days[place].year == year)
    months = list(range(begin, end))
    if len(months) == 13:
        months.remove(next(
            place for place in months[1:] if places[place] // 30 == places[place + 1] // 30
        ))
    return days[months[number + 1]]


def islamic(year, month, day_number):
    """Return a date of the arithmetic Islamic calendar (leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30)."""
    days = day_number + -(-59 * (month - 1) // 2) + (year - 1) * 354 + (3 + 11 * year) // 30
    return date(622, 7, 19) + timedelta(days=days - 1)


@tagged("post_install", "-at_install")
class TestFestivalData(TransactionCase):
    def _days(self, name):
        festival = self.env.ref(f"crm_customer_value.customer_festival_{name}")
        return sorted(festival.day_ids.mapped("date"))

    def test_every_year_is_there(self):
        for festival in self.env["customer.festival"].search([]):
            if not festival.get_external_id()[festival.id].startswith("crm_customer_value."):
                continue
            with self.subTest(festival.name):
                years = {day.year for day in festival.day_ids.mapped("date")}
                self.assertEqual(years, set(YEARS))
                # Two Eid al-Fitr begin in 2033.
                self.assertIn(len(festival.day_ids), (10, 11))

    def test_fixed_days(self):
        for name, month, number in (
            ("new_year", 1, 1), ("christmas", 12, 25), ("orthodox_christmas", 1, 7), ("national_day_china", 10, 1),
            ("golden_week", 4, 29), ("independence_ukraine", 8, 24),
        ):
            self.assertEqual(self._days(name), [date(year, month, number) for year in YEARS], name)

    def test_easter(self):
        self.assertEqual(self._days("easter"), [easter(year, EASTER_WESTERN) for year in YEARS])
        self.assertEqual(self._days("orthodox_easter"), [easter(year, EASTER_ORTHODOX) for year in YEARS])

    def test_thanksgiving(self):
        for day in self._days("thanksgiving_us"):
            self.assertEqual((day.month, day.weekday(), (day.day - 1) // 7), (11, 3, 3), day)

    def test_lunar_new_year(self):
        """The first day of the first month, by the clocks of the country."""
        for name, hours in (("lunar_new_year", 8), ("seollal", 9), ("tet", 7)):
            self.assertEqual(self._days(name), [lunar_month(year, 1, hours) for year in YEARS], name)

    def test_mid_autumn(self):
        """The fifteenth day of the eighth month."""
        self.assertEqual(
            self._days("mid_autumn"), [lunar_month(year, 8, 8) + timedelta(days=14) for year in YEARS]
        )

    def test_diwali(self):
        """The evening of a new moon in autumn, in India."""
        moons = [moon + timedelta(hours=5.5) for moon in new_moons(2026, 2035)]
        for day in self._days("diwali"):
            self.assertTrue(date(day.year, 10, 14) <= day <= date(day.year, 11, 16), day)
            evening = datetime(day.year, day.month, day.day, 18)
            self.assertLess(min(abs(moon - evening) for moon in moons), timedelta(hours=24), day)

    def test_eid(self):
        """At most a day from the arithmetic calendar: the calendar of Umm al-Qura goes by the moon."""
        for name, month, number in (("eid_al_fitr", 10, 1), ("eid_al_adha", 12, 10)):
            days = self._days(name)
            expected = sorted(
                day for day in (islamic(year, month, number) for year in range(1447, 1459)) if day.year in YEARS
            )
            self.assertEqual(len(days), len(expected), name)
            for day, other in zip(days, expected, strict=True):
                self.assertLessEqual(abs((day - other).days), 1, (name, day, other))

    def test_no_language_without_need(self):
        self.assertFalse(self.env.ref("crm_customer_value.customer_festival_new_year").country_ids)
        self.assertIn(
            self.env.ref("base.ua"), self.env.ref("crm_customer_value.customer_festival_christmas").country_ids
        )
