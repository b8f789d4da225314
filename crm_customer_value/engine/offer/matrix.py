"""What each customer has bought, as a sparse matrix: the ground on which neighbours are counted.

PostgreSQL only reads the lines. How many customers two items have in common is a product of matrices, which scipy
multiplies in a small part of the time that a join and a group take: see benchmarks/README.md.
"""

import hashlib
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from odoo.tools import SQL

from ..outlook import transfer

# Whoever has more different items than this says little about which of them go together, and would cost as much as
# the square of their number. This bounds the work for n lines to this many times n.
MOST_ITEMS = 1000
# A sum of quantities below it is none: 0.1 + 0.2 - 0.3 is not quite 0.
SMALLEST = 1e-6


class Baskets(NamedTuple):
    """Who has bought what: customers and items are numbered from 0, in the order of their ids."""

    customer_ids: np.ndarray
    item_ids: np.ndarray
    bought: sparse.csr_array  # customers x items, of 1
    buyers: sparse.csr_array  # items x customers, the same the other way round

    @property
    def numbers(self):
        """How many customers bought each item."""
        return np.diff(self.buyers.indptr)

    @property
    def work(self):
        """How many pairs of items counting the neighbours of each item looks at."""
        return self.buyers @ np.diff(self.bought.indptr)

    def places(self, item_ids):
        """Return the places of items, rising; all of them have been bought."""
        return np.searchsorted(self.item_ids, np.array(sorted(item_ids), self.item_ids.dtype))

    def at_least(self, least):
        """Return who has bought what of the items that at least so many customers bought."""
        rows = self.bought.tocoo()
        some = self.numbers[rows.col] >= least
        return _baskets(self.customer_ids[rows.row[some]], self.item_ids[rows.col[some]])

    def grouped(self, groups):
        """Return who has bought anything of which group.

        :param dict groups: {item id: id of its group}; other items are left out
        """
        rows = self.bought.tocoo()
        # Ids are greater than 0.
        group_ids = np.array([groups.get(item, 0) for item in self.item_ids.tolist()], np.int32)[rows.col]
        pairs = np.unique(_pairs(self.customer_ids[rows.row], group_ids)[group_ids > 0])
        return _baskets(*_parts(pairs))

    def prints(self):
        """Return a hash of who bought it for each item; it changes with them, and with nothing else."""
        starts = self.buyers.indptr
        ids = self.customer_ids[self.buyers.indices]
        return [
            hashlib.blake2b(ids[start:end].tobytes(), digest_size=16).hexdigest()
            for start, end in pairwise(starts)
        ]


def read(cr, lines):
    """Return the :class:`Baskets` of lines; customers with more than :data:`MOST_ITEMS` items are left out.

    What was brought back by the documents of one kind was not bought, as in :func:`bought.bought_sql`.

    :param list lines: of SQL with the columns customer_id, item_id, day and quantity, one for each kind of document
    """
    customers, items = _kept(cr, lines)
    _ids, place, sizes = np.unique(customers, return_inverse=True, return_counts=True)
    some = sizes[place] <= MOST_ITEMS
    return _baskets(customers[some], items[some])


def _baskets(customers, items):
    """Return the :class:`Baskets` of pairs of customers and items, each of which stands there once."""
    customer_ids, customers = np.unique(customers, return_inverse=True)
    item_ids, items = np.unique(items, return_inverse=True)
    shape = len(customer_ids), len(item_ids)
    bought = sparse.csr_array((np.ones(len(items), np.int32), (customers, items)), shape)
    bought.sort_indices()
    buyers = bought.T.tocsr()
    buyers.sort_indices()
    return Baskets(customer_ids, item_ids, bought, buyers)


def _kept(cr, lines):
    """Return which customers have which items: two arrays."""
    found = []
    for query in lines:
        customers, items, quantities = transfer.fetch(
            cr, SQL("SELECT customer_id, item_id, COALESCE(quantity, 0)::float8 FROM (%s) line", query),
            ("i4", "i4", "f8"),
        )
        # Sorting one number is several times as fast as grouping in the database.
        pairs, place = np.unique(_pairs(customers, items), return_inverse=True)
        found.append((pairs, np.bincount(place, quantities, len(pairs)) > SMALLEST))
    pairs, place = np.unique(np.concatenate([pairs for pairs, _is_kept in found]), return_inverse=True)
    back = np.bincount(place, ~np.concatenate([is_kept for _pairs, is_kept in found]), len(pairs))
    return _parts(pairs[back == 0])


def _pairs(customers, items):
    """Return one number for each pair of a customer and an item."""
    return customers.astype(np.int64) << 32 | items


def _parts(pairs):
    """Return the customers and the items of such numbers."""
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
