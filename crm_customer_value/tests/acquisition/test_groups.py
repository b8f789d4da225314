"""Shrunk means, against numbers worked out by hand and against the same written slowly, customer by customer."""

import random
from math import sqrt

import numpy as np

from odoo.tests import BaseCase, tagged

from ...engine.acquisition import best, groups

A, B = 7, 9


def slow_learn(values, keys):
    """Return (mean, {(trait, key): (customers, effect)}): as engine/acquisition/groups.py says, in plain loops."""
    mean = sum(values) / len(values)
    left = [value - mean for value in values]
    found = {}
    for trait in range(len(keys[0])):
        members = {}
        for number, row in enumerate(keys):
            if row[trait] >= 0:
                members.setdefault(row[trait], []).append(number)
        effects = dict.fromkeys(members, 0.0)
        large = {key: them for key, them in members.items() if len(them) >= 5}
        if len(large) > 1:
            means = {key: sum(left[one] for one in them) / len(them) for key, them in large.items()}
            total = sum(len(them) for them in large.values())
            within = sum((left[one] - means[key]) ** 2 for key, them in large.items() for one in them)
            within /= total - len(large)
            middle = sum(len(them) * means[key] for key, them in large.items()) / total
            between = sum(len(them) * (means[key] - middle) ** 2 for key, them in large.items())
            between -= (len(large) - 1) * within
            between /= total - sum(len(them) ** 2 for them in large.values()) / total
            if between > 0:
                effects.update({
                    key: len(them) / (len(them) + within / between) * means[key] for key, them in large.items()
                })
        for key, them in members.items():
            found[trait, key] = (len(them), effects[key])
            for one in them:
                left[one] -= effects[key]
    return mean, found


@tagged("post_install", "-at_install")
class TestGroups(BaseCase):
    def _two(self, low=(90.0, 110.0), high=(290.0, 310.0)):
        """Return 30 customers of group A and 30 of group B, in turn."""
        values = np.array([pair[number // 2 % 2] for number in range(60) for pair in [(low, high)[number % 2]]])
        return values, np.array([[(A, B)[number % 2]] for number in range(60)])

    def test_two_groups_by_hand(self):
        """Within: 6000 / 58. Between: (60 × 100² − 6000 / 58) / 30. Each counts 30 / (30 + k)."""
        learned = groups.learn(*self._two())
        self.assertEqual(learned.mean, 200)
        k = (6000 / 58) / ((600000 - 6000 / 58) / 30)
        effect = 30 / (30 + k) * 100
        self.assertAlmostEqual(effect, 99.98276, 4)
        self.assertEqual([(group.key, group.customers, group.mean) for group in learned.groups], [
            (A, 30, 100), (B, 30, 300),
        ])
        self.assertAlmostEqual(learned.groups[0].effect, -effect)
        self.assertAlmostEqual(learned.groups[1].effect, effect)
        found = learned.estimates(np.array([[A], [B], [-1], [1]]))
        for got, wanted in zip(found, (200 - effect, 200 + effect, 200, 200), strict=True):
            self.assertAlmostEqual(got, wanted)

    def test_as_the_slow_computation(self):
        chance = random.Random(7)
        for number in (60, 137, 400):
            keys = [[chance.choice([-1, 1, 2, 3]), chance.choice([-1, 5, *range(10, 60)])] for _ in range(number)]
            values = [chance.lognormvariate(3, 1) + 20 * row[0] for row in keys]
            mean, found = slow_learn(values, keys)
            learned = groups.learn(np.array(values), np.array(keys))
            self.assertAlmostEqual(learned.mean, mean)
            self.assertEqual({(group.trait, group.key) for group in learned.groups}, set(found))
            for group in learned.groups:
                customers, effect = found[group.trait, group.key]
                self.assertEqual(group.customers, customers)
                self.assertAlmostEqual(group.effect, effect)

    def test_small_groups_and_one_group_say_nothing(self):
        values, keys = self._two()
        keys[:] = A
        self.assertEqual([group.effect for group in groups.learn(values, keys).groups], [0])
        keys[:4] = B
        self.assertEqual([group.effect for group in groups.learn(values, keys).groups], [0, 0])

    def test_groups_that_differ_by_chance_say_nothing(self):
        values, keys = self._two(high=(90.0, 110.0))
        self.assertEqual([group.effect for group in groups.learn(values, keys).groups], [0, 0])
        self.assertFalse(groups.judge(values, keys, np.ones(60, dtype=bool)).is_better)

    def test_equal_values(self):
        found = groups.judge(np.full(60, 5.0), self._two()[1], np.ones(60, dtype=bool))
        self.assertEqual((found.error_plain, found.error, found.is_better), (0, 0, False))
        self.assertAlmostEqual(found.captured, 0.2)

    def test_nothing_was_brought(self):
        found = groups.judge(np.zeros(60), self._two()[1], np.ones(60, dtype=bool))
        self.assertTrue(np.isnan(found.captured))

    def test_judged_by_others_only(self):
        """Whoever is estimated is not learned from: with the slow computation, tenth by tenth."""
        values, keys = self._two(low=(50.0, 150.0), high=(100.0, 500.0))
        judged = np.arange(60) % 3 == 0
        plain, error = [], []
        for number in np.flatnonzero(judged):
            others = [one for one in range(60) if one % 10 != number % 10]
            mean, found = slow_learn(values[others].tolist(), keys[others].tolist())
            plain.append((values[number] - mean) ** 2)
            error.append((values[number] - mean - found[0, keys[number, 0]][1]) ** 2)
        result = groups.judge(values, keys, judged)
        self.assertEqual(result.customers, 20)
        self.assertAlmostEqual(result.error_plain, sqrt(sum(plain) / 20))
        self.assertAlmostEqual(result.error, sqrt(sum(error) / 20))

    def test_capped(self):
        few, many = np.arange(99.0), np.arange(200.0)
        self.assertEqual(groups.capped(few).max(), 98)
        self.assertEqual(groups.capped(many).max(), 197)


@tagged("post_install", "-at_install")
class TestLift(BaseCase):
    def test_by_hand(self):
        """12 of 20 against 16 of 80: three times as frequent."""
        found = best.lift(12, 20, 16, 80)
        self.assertEqual((found.best, found.others, found.lift), (12, 16, 3))
        self.assertTrue(0 < found.low < 0.4 < found.high)
        self.assertTrue(found.is_typical)

    def test_few_are_not_typical(self):
        self.assertFalse(best.lift(4, 20, 0, 80).is_typical)
        self.assertIsNone(best.lift(4, 20, 0, 80).lift)
        self.assertFalse(best.lift(5, 20, 18, 80).is_typical)
