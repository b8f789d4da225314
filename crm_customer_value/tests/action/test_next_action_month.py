from collections import Counter
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .action_case import MOMENT, MONDAY, ActionCase


@tagged("post_install", "-at_install")
@freeze_time(MOMENT)
class TestNextActionMonth(ActionCase):
    """A month of a salesperson with 300 customers and time for 8 a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.customer_capacity = 8
        cls.company.care_held_out = 0
        # The best is worth 300 times as much as the last one.
        cls.customers = [cls._silent(f"{number:03}", at_risk=10.0 * number) for number in range(1, 301)]

    def _month(self, days, done):
        """Return the names of each day; ``done`` says how many of them are done."""
        seen = []
        for number in range(days):
            day = MONDAY + timedelta(days=number)
            with freeze_time(f"{day} 12:00:00"):
                self._night(day)
                seen.append(self._list())
                self.actions.search([("user_id", "=", self.seller.id), ("state", "=", "open")])[:done]._note_done()
        return seen

    def test_everything_is_done(self):
        """In a month the best 240 of 300 come once. In the second one, the others get 2 of 8 places each day.

        What was done rests for 30 days, so nobody comes twice in the first month.
        """
        seen = self._month(60, 8)
        self.assertEqual({len(names) for names in seen}, {8})
        month = Counter(name for names in seen[:30] for name in names)
        # All of them waited equally long, so that worth decides alone: 8 a day, from the best one down.
        self.assertEqual(month, Counter({f"{number:03}": 1 for number in range(61, 301)}))
        rest = [name for names in seen[30:] for name in names if name <= "060"]
        self.assertEqual(sorted(rest), [f"{number:03}" for number in range(1, 61)])
        # The last one waited for 60 days; who comes twice are the best, who are worth most.
        self.assertTrue(all(len([name for name in names if name <= "060"]) == 2 for names in seen[30:]))
        twice = {name for name, times in Counter(name for names in seen for name in names).items() if times == 2}
        self.assertEqual(twice, {f"{number:03}" for number in range(121, 301)})

    def test_nobody_waits_for_ever(self):
        """Half of the list is left undone each day: still everybody comes, and the last one within 150 days.

        Two places of a day go to whoever waits longest, so 300 customers take 150 days at most.
        """
        self.seller.customer_capacity = 8
        waiting = {customer.name for customer in self.customers[:40]}
        seen, day = set(), 0
        while waiting - seen:
            names = self._month_day(day, 4)
            seen |= set(names)
            day += 1
            self.assertLessEqual(day, 150)

    def _month_day(self, number, done):
        day = MONDAY + timedelta(days=number)
        with freeze_time(f"{day} 12:00:00"):
            self._night(day)
            names = self._list()
            self.actions.search([("user_id", "=", self.seller.id), ("state", "=", "open")])[:done]._note_done()
        return names

    def test_queries_do_not_grow(self):
        """A night and the reading of a list take as many queries for 30 customers as for 300."""
        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._night(MONDAY)
            night = self.cr.sql_log_count - before
            mine = self.actions.with_user(self.seller)
            found = mine.search([("user_id", "=", self.seller.id), ("is_current", "=", True)])
            before = self.cr.sql_log_count
            found.read(["partner_id", "kind", "why", "say", "shown_worth", "worth_text", "button"])
            return len(found), night, self.cr.sql_log_count - before

        few = self.env["res.partner"].union(*self.customers[:30])
        (self.env["res.partner"].union(*self.customers) - few).active = False
        measure()  # fills what is cached for good
        small = measure()
        self.env["res.partner"].union(*self.customers).active = True
        measure()
        large = measure()
        self.assertEqual((small[0], large[0]), (30, 300))
        self.assertEqual(small[1:], large[1:])
