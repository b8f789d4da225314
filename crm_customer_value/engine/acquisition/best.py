"""What the best customers have in common: shares of groups among the best fifth, against the others."""

from typing import NamedTuple

from ..care import effect

# The best: this share of the customers.
BEST = 0.2
# Fewer of the best in a group say nothing.
FEWEST_BEST = 5


class Lift(NamedTuple):
    best: int  # of the best
    others: int  # of the others
    best_share: float  # of all the best, 0 to 1
    others_share: float  # of all the others
    lift: float | None  # how many times as frequent among the best; None: nobody of the others
    low: float  # of the difference of the shares, with 95 % certainty
    high: float
    is_typical: bool  # clearly more frequent among the best


def lift(best, all_best, others, all_others):
    """Return the :class:`Lift` of a group.

    :param int best: of the best in the group
    :param int all_best: how many best there are
    :param int others: of the others in the group
    :param int all_others: how many others there are
    :raise ValueError: when there are no best, or no others
    """
    found = effect.difference(best, all_best, others, all_others)
    return Lift(
        best, others, best / all_best, others / all_others,
        best * all_others / (all_best * others) if others else None, found.low, found.high,
        best >= FEWEST_BEST and found.low > 0,
    )
