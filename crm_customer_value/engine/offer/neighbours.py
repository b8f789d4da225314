"""Which items go together: the cosine of the customers that two items have in common.

    score = customers of both / sqrt(customers of the one x customers of the other)

It is 1 where the same customers buy both, and 0 where nobody does. How this was chosen, and how it compares with the
most popular and with the models of a library, is in benchmarks/README.md.
"""

from typing import NamedTuple

import numpy as np

# Neighbours kept of each item.
BEST = 200
# Fewer customers in common are chance, and would tell of single customers.
LEAST_IN_COMMON = 5
# Pairs that one batch counts, about: so many bytes times 30 at the most. An item that everybody buys is a batch of
# its own, whose pairs that differ are as many as there are items.
BATCH_PAIRS = 4_000_000


class Neighbours(NamedTuple):
    """Columns of equal length, by item and then the best first.

    *customers* is the number of those who bought the other item, *in_common* of those who bought both.
    """

    item_id: np.ndarray
    other_id: np.ndarray
    score: np.ndarray
    in_common: np.ndarray
    customers: np.ndarray


def batches(baskets, chosen):
    """Return the places of items that are counted one after the other, as [array]: see :data:`BATCH_PAIRS`.

    :param Baskets baskets: what was bought
    :param chosen: places of the items that are asked for, rising
    """
    if not len(chosen):
        return []
    batch = np.cumsum(baskets.work[chosen]) // BATCH_PAIRS
    return np.split(chosen, np.flatnonzero(np.diff(batch)) + 1)


def affected_items(baskets, changed, *, least=LEAST_IN_COMMON):
    """Return the places of items that have enough customers in common with a changed one, rising; these among them.

    How close two items are depends on the customers of both.

    :param changed: places of items whose customers changed, rising
    """
    affected = np.zeros(len(baskets.item_ids), dtype=bool)
    affected[changed] = True
    if len(changed) < len(affected):
        for places in batches(baskets, changed):
            _place, others, _in_common = _pairs(baskets, places, least)
            affected[others] = True
    return np.flatnonzero(affected)


def neighbours_of(baskets, places, *, best=BEST, least=LEAST_IN_COMMON):
    """Return the :class:`Neighbours` of the items in some places.

    :param int best: how many neighbours of each item, at the most
    :param int least: how many customers two neighbours have in common, at least
    """
    items, others, in_common = _pairs(baskets, places, least)
    numbers = baskets.numbers
    score = in_common / np.sqrt(numbers[items].astype(float) * numbers[others])
    order = np.lexsort((others, -in_common, -score, items))
    # Each item begins where the one before it ends: its neighbours are numbered from there.
    first = np.searchsorted(items[order], items[order])
    kept = order[np.arange(len(order)) - first < best]
    items, others = items[kept], others[kept]
    return Neighbours(
        baskets.item_ids[items], baskets.item_ids[others], score[kept], in_common[kept],
        numbers[others].astype(np.int32),
    )


def _pairs(baskets, places, least):
    """Return the items in some places, the items that have enough customers in common with them, and how many."""
    counted = (baskets.buyers[places] @ baskets.bought).tocoo()
    items, others, in_common = places[counted.row], counted.col, counted.data
    enough = (in_common >= least) & (items != others)
    return items[enough], others[enough], in_common[enough]
