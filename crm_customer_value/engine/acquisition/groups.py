"""Shrunk means of groups of customers, and a test whether they say more than one mean for all.

One trait after the other: the mean of what is left over in a group is drawn towards nothing, the more the fewer
customers are in it. How much follows from the data: k is the variance within the groups divided by the variance
between them, and n customers count n / (n + k). That is the credibility of H. Bühlmann and E. Straub, "Glaubwürdigkeit
für Schadensätze", Mitteilungen der Vereinigung schweizerischer Versicherungsmathematiker 70 (1970), 111–133. A trait
whose groups differ no more than by chance does not count.
"""

from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

# Smaller groups say nothing, and would tell of single customers.
FEWEST_IN_GROUP = 5
# Fewer customers are not learned from, and fewer are not judged by.
FEWEST_CUSTOMERS = 50
FEWEST_JUDGED = 30
# From so many customers on, the highest hundredth counts as much as the lowest of it: one order is no rule.
FEWEST_CAPPED = 100
PARTS = 10
# Better than the plain mean with a certainty of 95 %, on one side.
CERTAIN = 1.645


class Group(NamedTuple):
    trait: int  # position of the trait
    key: int
    customers: int
    mean: float  # what its customers brought, on average
    effect: float  # what is added to the mean of all


class Learned(NamedTuple):
    mean: float
    groups: list  # of Group

    def estimates(self, keys):
        """Return what is expected of customers with these keys (array, customers × traits; -1: not known)."""
        found = np.full(len(keys), self.mean)
        for group in self.groups:
            found[keys[:, group.trait] == group.key] += group.effect
        return found


class Judged(NamedTuple):
    customers: int  # judged by
    error_plain: float  # root of the mean square, with one mean for all
    error: float  # the same with the groups
    captured: float  # what the fifth with the highest estimates brought, of all, from 0 to 1; nan: nothing was brought
    is_better: bool


def capped(values):
    """Return what is learned from: the highest hundredth is cut down to the lowest of it."""
    if len(values) < FEWEST_CAPPED:
        return values
    return np.minimum(values, np.sort(values)[ceil(0.99 * len(values)) - 1])


def learn(values, keys):
    """Return the :class:`Learned` of customers.

    :param values: what each brought (array of floats)
    :param keys: the groups they are in (array of integers, customers × traits; -1: not known)
    """
    mean = float(values.mean())
    left, groups = values - mean, []
    for trait in range(keys.shape[1]):
        known = keys[:, trait] >= 0
        names, place, counts = np.unique(keys[known, trait], return_inverse=True, return_counts=True)
        if not len(names):
            continue
        means = np.bincount(place, left[known]) / counts
        plain = np.bincount(place, values[known]) / counts
        effects = _effects(left[known], place, counts, means)
        left[known] -= effects[place]
        groups += [
            Group(trait, *group) for group in zip(
                names.tolist(), counts.tolist(), plain.tolist(), effects.tolist(), strict=True
            )
        ]
    return Learned(mean, groups)


def _effects(left, place, counts, means):
    """Return what each group adds, from what the traits before left over."""
    large = counts >= FEWEST_IN_GROUP
    effects = np.zeros(len(counts))
    if large.sum() < 2:
        return effects
    sizes, centres = counts[large], means[large]
    inside = large[place]
    number = sizes.sum()
    within = ((left[inside] - means[place[inside]]) ** 2).sum() / (number - len(sizes))
    middle = (sizes * centres).sum() / number
    between = (
        ((sizes * (centres - middle) ** 2).sum() - (len(sizes) - 1) * within) / (number - (sizes**2).sum() / number)
    )
    if between <= 0:
        return effects
    effects[large] = sizes / (sizes + within / between) * centres
    return effects


def judge(values, keys, judged):
    """Return the :class:`Judged` of a test: each tenth of the customers is estimated from the other nine.

    :param values: as in :func:`learn`, oldest customer first
    :param judged: which of them are judged by (array of booleans)
    """
    part = np.arange(len(values)) % PARTS
    plain, estimates = np.zeros(len(values)), np.zeros(len(values))
    for number in range(PARTS):
        learned = learn(values[part != number], keys[part != number])
        plain[part == number] = learned.mean
        estimates[part == number] = learned.estimates(keys[part == number])
    values, plain, estimates = values[judged], plain[judged], estimates[judged]
    number = len(values)
    gains = (values - plain) ** 2 - (values - estimates) ** 2
    doubt = gains.std(ddof=1) / sqrt(number)
    best = np.argsort(-estimates, kind="stable")[:ceil(number / 5)]
    total = values.sum()
    return Judged(
        number,
        sqrt(((values - plain) ** 2).mean()),
        sqrt(((values - estimates) ** 2).mean()),
        float(values[best].sum() / total) if total > 0 else float("nan"),
        bool(gains.mean() > CERTAIN * doubt),
    )
