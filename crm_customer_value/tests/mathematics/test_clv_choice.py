"""Which candidate is in use: it changes seldom, and never in one step."""

from datetime import date, timedelta

try:
    from .clv_common import Case, engine
except ImportError:
    from clv_common import Case, engine

choice = engine("mathematics.choice")

SUNDAY = date(2026, 3, 1)


class TestClvChoice(Case):
    def weeks(self, tests, start=None, available=("model", "rule")):
        """Return the choices of weekly tests, one after the other."""
        found = [] if start is None else [start]
        for errors in tests:
            anchor = SUNDAY + timedelta(weeks=len(found))
            found.append(choice.choose(errors, available, "rule", anchor, found[-1] if found else None))
        return found

    def test_first_choice_is_the_best(self):
        (first,) = self.weeks([{"model": 0.8, "rule": 0.7}])
        self.assertEqual((first["in_use"], first["weights"]), ("rule", {"rule": 1.0}))
        (first,) = self.weeks([{"model": 0.8, "rule": 0.8}])
        self.assertEqual(first["in_use"], "model", "of equal ones the first")
        (first,) = self.weeks([{}])
        self.assertEqual(first["in_use"], "rule", "nothing was tested")

    def test_a_tenth_better_in_four_tests_in_a_row(self):
        better, worse = {"model": 0.72, "rule": 0.8}, {"model": 0.73, "rule": 0.8}
        first = {"model": 1.0, "rule": 0.8}
        found = self.weeks([first, better, better, better, worse, better, better, better, better])
        self.assertEqual([one["in_use"] for one in found], ["rule"] * 8 + ["model"])
        self.assertEqual(
            [one["ahead"].get("model", 0) for one in found], [0, 1, 2, 3, 0, 1, 2, 3, 0]
        )
        # A week without a test is no win.
        found = self.weeks([first, better, better, better, {}, better])
        self.assertEqual((found[-1]["in_use"], found[-1]["ahead"]), ("rule", {"model": 1}))

    def test_blended_in_over_eight_weeks(self):
        better = {"model": 0.5, "rule": 0.8}
        found = self.weeks([{"model": 1.0, "rule": 0.8}, *[better] * 12])
        self.assertEqual(found[3]["weights"], {"rule": 1.0})
        for week in range(1, 8):
            self.assertEqual(found[3 + week]["weights"], {"model": week / 8, "rule": 1 - week / 8})
        self.assertEqual(found[11]["weights"], {"model": 1.0})
        self.assertEqual(found[12]["weights"], {"model": 1.0})
        self.assertEqual(choice.shares(found[4]), [("model", 0.125), ("rule", 0.875)])

    def test_the_same_week_twice_counts_once(self):
        before = self.weeks([{"model": 1.0, "rule": 0.8}, {"model": 0.5, "rule": 0.8}])[-1]
        anchor = SUNDAY + timedelta(weeks=2)
        once = choice.choose({"model": 0.5, "rule": 0.8}, ("model", "rule"), "rule", anchor, before)
        again = choice.choose({"model": 0.5, "rule": 0.8}, ("model", "rule"), "rule", anchor, before)
        self.assertEqual((once["ahead"], once), ({"model": 2}, again))

    def test_one_that_cannot_be_asked_any_more(self):
        """The best of the others takes over at once, and is blended in like any other."""
        first = self.weeks([{"model": 0.7, "rule": 0.8}])[0]
        found = self.weeks([{"rule": 0.9}], first, available=("rule",))[-1]
        self.assertEqual((found["in_use"], found["weights"]), ("rule", {"rule": 0.125, "model": 0.875}))

    def test_the_first_test_of_a_young_company_chooses(self):
        """What a company begins with was never better than anything, so the first test decides alone."""
        found = self.weeks([{}, {}, {"model": 0.79, "rule": 0.8}, {"model": 0.79, "rule": 0.8}])
        self.assertEqual([one["in_use"] for one in found], ["rule", "rule", "model", "model"])
        self.assertEqual([one["tested"] for one in found], [False, False, True, True])
        self.assertEqual(found[2]["weights"], {"model": 0.125, "rule": 0.875}, "blended in like any other")
        # The default was the best: from now on it takes a tenth and four weeks to replace it.
        found = self.weeks([{}, {"model": 0.81, "rule": 0.8}, *[{"model": 0.7, "rule": 0.8}] * 3])
        self.assertEqual({one["in_use"] for one in found}, {"rule"})
        self.assertEqual((found[1]["weights"], found[1]["tested"]), ({"rule": 1.0}, True))

    def test_a_change_while_another_is_blended_in(self):
        """Nothing jumps: what was shown last week is what the next one is blended with."""
        found = self.weeks(
            [{"model": 1.0, "prior": 1.0, "rule": 0.8}, *[{"model": 0.5, "prior": 1.0, "rule": 0.8}] * 4,
             *[{"model": 0.8, "prior": 0.5, "rule": 0.8}] * 4],
            available=("model", "prior", "rule"),
        )
        self.assertEqual(found[7]["weights"], {"model": 0.5, "rule": 0.5})
        self.assertEqual(found[8]["weights"], {"prior": 0.125, "model": 0.4375, "rule": 0.4375})
        for one in found:
            self.assertAlmostEqual(sum(one["weights"].values()), 1)

    def limits(self, numbers):
        """Return the choices of a limit in weeks whose data ask for these."""
        found = []
        for number in numbers:
            anchor = SUNDAY + timedelta(weeks=len(found))
            found.append(choice.follow(number, anchor, found[-1] if found else None))
        return found

    def test_limit_follows_four_weeks_in_a_row(self):
        for numbers, limits in (
            ([3, 4, 4, 4, 3, 4, 4, 4, 4], [3] * 8 + [4]),
            # As far as all four ask for.
            ([3, 7, 5, 6, 9, 9, 8], [3] * 4 + [5, 5, 6]),
            ([7, 3, 5, 4, 6, 4], [7] * 4 + [6] * 2),
            # On one side and on the other: it stays.
            ([5, 3, 9, 3, 9, 3, 9], [5] * 7),
            # The three weeks after the first one say nothing yet.
            ([5, 4, 4], [5] * 3),
        ):
            with self.subTest(numbers):
                self.assertEqual([int(one["in_use"]) for one in self.limits(numbers)], limits)

    def test_limit_is_blended_in(self):
        """Who lies between the old limit and the new one changes by an eighth a week."""
        found = self.limits([3, *[5] * 12])
        self.assertEqual(choice.reached(found[3]), [(3, 1.0)])
        for week in range(1, 8):
            self.assertEqual(choice.reached(found[3 + week]), [(3, 1 - week / 8), (5, 1.0)])
        self.assertEqual(choice.reached(found[11]), [(5, 1.0)])
        found = self.limits([5, *[3] * 5])
        self.assertEqual(choice.reached(found[4]), [(3, 0.125), (5, 1.0)])
        self.assertEqual(choice.reached(found[5]), [(3, 0.25), (5, 1.0)])

    def test_limit_moves_on_while_it_is_blended_in(self):
        found = self.limits([3, *[4] * 4, *[6] * 4])
        self.assertEqual(choice.reached(found[7]), [(3, 0.5), (4, 1.0)])
        self.assertEqual(choice.reached(found[8]), [(3, 0.4375), (4, 0.875), (6, 1.0)])

    def test_limit_of_the_same_week_twice(self):
        """Another run of the week before goes by what was known then, and so does this week's."""
        before = self.limits([3, 5])[-1]
        anchor = SUNDAY + timedelta(weeks=2)
        once, again = choice.follow(5, anchor, before), choice.follow(5, anchor, before)
        self.assertEqual((once["found"], once), ([3, 5, 5], again))
        self.assertEqual(before["found"], [3, 5])
