from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..contact_know_case import KnowCase


@tagged("post_install", "-at_install")
class TestBirthday(KnowCase):
    """Day and month, the year where it is known, and 29 February."""

    def _born(self, day, month, year=False, **values):
        return self._partner(
            "Born", birthday_day=day, birthday_month=month and str(month), birthday_year=year, **values
        )

    def _found(self, *domain):
        partners = self.env["res.partner"].search([("id", "in", self.born.ids), *domain])
        return {(int(partner.birthday_month), partner.birthday_day) for partner in partners}

    @freeze_time("2027-03-10 12:00:00")
    def test_next_birthday(self):
        for day, month, expected in (
            (10, 3, date(2027, 3, 10)),
            (9, 3, date(2028, 3, 9)),
            (11, 3, date(2027, 3, 11)),
            (29, 2, date(2028, 2, 29)),
            (31, 12, date(2027, 12, 31)),
        ):
            self.assertEqual(self._born(day, month).next_birthday, expected)
        self.assertFalse(self.baker.next_birthday)

    @freeze_time("2026-11-26 12:00:00")
    def test_29_february_in_a_year_without(self):
        self.assertEqual(self._born(29, 2).next_birthday, date(2027, 2, 28))
        self.born = self._born(29, 2) | self._born(28, 2) | self._born(1, 3)
        self.assertEqual(self._found(("next_birthday", "=", "2027-02-28")), {(2, 29), (2, 28)})

    def test_the_day_by_the_clock_of_the_user(self):
        with freeze_time("2027-05-03 23:30:00"):
            partner = self._born(3, 5)
            self.assertEqual(partner.with_context(tz="UTC").next_birthday, date(2027, 5, 3))
            self.assertEqual(partner.with_context(tz="Europe/Berlin").next_birthday, date(2028, 5, 3))

    def test_found_by_the_next_birthday(self):
        with freeze_time("2027-12-15 12:00:00"):
            self.born = self.env["res.partner"].union(*(
                self._born(day, month)
                for day, month in ((1, 12), (14, 12), (15, 12), (31, 12), (1, 1), (15, 1), (29, 2))
            ))
            self.assertEqual(self._found(("next_birthday", "=", "today")), {(12, 15)})
            self.assertEqual(
                self._found(("next_birthday", ">=", "today"), ("next_birthday", "<=", "today +17d")),
                {(12, 15), (12, 31), (1, 1)},
            )
            self.assertEqual(self._found(("next_birthday", ">", "2028-02-28")), {(2, 29), (12, 1), (12, 14)})
            self.assertEqual(self._found(("next_birthday", "!=", False)), self._found())
            nobody = self.env["res.partner"].search([("id", "=", self.baker.id), ("next_birthday", "=", False)])
            self.assertEqual(nobody, self.baker)

    def test_filter_of_this_month_keeps_those_of_yesterday(self):
        arch = self.env["res.partner"].get_view(self.env.ref("base.view_res_partner_filter").id, "search")["arch"]
        self.assertIn('name="birthday_month"', arch)
        domain = [
            "|", "&", ("next_birthday", ">=", "today"), ("next_birthday", "<", "today =1d +1m"),
            "&", ("next_birthday", ">=", "today =1d +12m"), ("next_birthday", "<", "today =1d +13m"),
        ]
        for now in ("2027-12-15 12:00:00", "2027-12-01 12:00:00", "2027-12-31 12:00:00"):
            with freeze_time(now):
                self.born = self.env["res.partner"].union(*(
                    self._born(day, month) for day, month in ((1, 12), (14, 12), (31, 12), (30, 11), (1, 1))
                ))
                self.assertEqual(self._found(*domain), {(12, 1), (12, 14), (12, 31)}, now)

    @freeze_time("2027-03-10 12:00:00")
    def test_impossible_days_are_refused(self):
        for day, month, year, words in (
            (31, 4, False, "There is no 31 April"),
            (30, 2, False, "There is no 30 February"),
            (0, 5, False, "There is no 0 May"),
            (32, 12, 1980, "There is no 32 December"),
            (29, 2, 2023, "There was no 29 February in 2023"),
            (29, 2, 1900, "There was no 29 February in 1900"),
            (11, 3, 2027, "is still to come"),
            (1, 1, 2028, "Enter a year of birth from 1900 to 2027"),
            (1, 1, 85, "Enter a year of birth from 1900 to 2027"),
            (5, False, False, "Enter the day and the month"),
            (False, 5, False, "Enter the day and the month"),
            (False, False, 1980, "Enter the day and the month"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self._born(day, month, year)
        for day, month, year in ((29, 2, False), (29, 2, 2024), (29, 2, 2000), (10, 3, 2027), (1, 1, 1900)):
            self.assertTrue(self._born(day, month, year))

    def test_persons_only(self):
        with self.assertRaisesRegex(ValidationError, "only people have birthdays"), self.env.cr.savepoint():
            self._born(3, 5, is_company=True)
        person = self._born(3, 5)
        with self.assertRaisesRegex(ValidationError, "only people have birthdays"), self.env.cr.savepoint():
            person.is_company = True
        person.write({"birthday_day": False, "birthday_month": False, "is_company": True})

    def test_not_for_everybody(self):
        person = self._born(3, 5)
        self.assertEqual(person.with_user(self.employee).birthday_day, 3)
        stranger = self._user("know_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            person.with_user(stranger).read(["birthday_day"])
        with self.assertRaises(AccessError):
            person.with_user(stranger).search([("next_birthday", "=", "today")])
