"""The best item of each of many customers: the same as :func:`choice.choice_sql` with one item, for a night.

For a thousand customers the join has a million rows and more, which PostgreSQL groups and sorts; a product of sparse
matrices has no rows that are not needed: see benchmarks/README.md.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from odoo.tools import SQL

from ..outlook import transfer

# Points that differ by less are equal: sums of the same numbers in another order differ in the last digits.
DIGITS = 9


class Near(NamedTuple):
    """Which items go with which, by the places of items in ``item_ids``; entries of ``scores`` by their position."""

    item_ids: np.ndarray  # rising
    scores: sparse.csr_array  # items x items they go with: what speaks for a row's item is in its columns
    in_common: np.ndarray  # of each entry of ``scores``
    customers: np.ndarray


class Best(NamedTuple):
    """What is best for one customer, and what they have that speaks for it most."""

    customer_id: int
    item_id: int
    because_id: int
    in_common: int
    customers: int


def read_near(cr, neighbours):
    """Return :class:`Near` of neighbours: SQL with item_id, other_id, score, in_common and customers."""
    items, others, scores, in_common, customers = transfer.fetch(
        cr,
        SQL(
            "SELECT item_id, other_id, score::float8, in_common, customers FROM (%s) near ORDER BY item_id, other_id",
            neighbours,
        ),
        ("i4", "i4", "f8", "i4", "i4"),
    )
    item_ids = np.union1d(items, others)
    starts = np.searchsorted(items, item_ids), np.searchsorted(items, item_ids, "right")
    # Rows are sorted already, so entries keep the order in which they came.
    pointers = np.concatenate(([0], np.cumsum(starts[1] - starts[0])))
    shape = len(item_ids), len(item_ids)
    matrix = sparse.csr_array((scores, np.searchsorted(item_ids, others), pointers), shape)
    return Near(item_ids, matrix, in_common, customers)


def best(cr, near, customer_ids, own, barred):
    """Return the :class:`Best` of customers for whom there is something.

    :param list customer_ids: rising
    :param SQL own: what they have: customer_id, item_id
    :param SQL barred: customer_id, item_id: what is not offered to whom, what they have among it
    """
    if not len(near.item_ids) or not customer_ids:
        return []
    customer_ids = np.array(customer_ids)
    has = _matrix(cr, own, near, customer_ids)
    points = (has @ near.scores.T).tocsr()
    points.data = np.round(points.data, DIGITS)
    points = points - points.multiply(_matrix(cr, barred, near, customer_ids))
    points = points.tocsr()
    points.eliminate_zeros()
    points.sort_indices()
    found = []
    for place, (start, end) in enumerate(pairwise(points.indptr)):
        if start == end:
            continue
        # The first of the highest, so the one with the lowest id.
        item = points.indices[start + np.argmax(points.data[start:end])]
        entry = _because(near, item, has.indices[has.indptr[place]:has.indptr[place + 1]])
        found.append(Best(
            int(customer_ids[place]), int(near.item_ids[item]), int(near.item_ids[near.scores.indices[entry]]),
            int(near.in_common[entry]), int(near.customers[entry]),
        ))
    return found


def _matrix(cr, query, near, customer_ids):
    """Return pairs of customers and items as a sparse matrix of 1; items that go with nothing are left out."""
    customers, items = transfer.fetch(
        cr, SQL("SELECT DISTINCT customer_id, item_id FROM (%s) pair", query), ("i4", "i4")
    )
    some = np.isin(items, near.item_ids)
    rows = np.searchsorted(customer_ids, customers[some])
    columns = np.searchsorted(near.item_ids, items[some])
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), (len(customer_ids), len(near.item_ids)))


def _because(near, item, own):
    """Return the position of the entry of ``near`` that speaks most for an item, of those that a customer has."""
    start, end = near.scores.indptr[item], near.scores.indptr[item + 1]
    entries = start + np.flatnonzero(np.isin(near.scores.indices[start:end], own))
    return entries[np.argmax(near.scores.data[entries])]
