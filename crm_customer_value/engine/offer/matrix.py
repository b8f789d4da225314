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

    def prints(self):
        """Return a hash of who bought it for each item; it changes with them, and with nothing else."""
        starts = self.buyers.indptr
        ids = self.customer_ids[self.buyers.indices]
        return [
            hashlib.blake2b(ids[start:end].tobytes(), digest_size=16).hexdigest()
            for start, end in pairwise(starts)
        ]


def read(cr, lines, *, least=1):
    """Return the :class:`Baskets` of lines; customers with more than :data:`MOST_ITEMS` items are left out.

    What was brought back by the documents of one kind was not bought, as in :func:`bought.bought_sql`.

    :param list lines: of SQL with the columns customer_id, item_id, day and quantity, one for each kind of document
    :param int least: items that fewer customers bought are left out
    """
    customers, items = _kept(cr, lines)
    _ids, place, sizes = np.unique(customers, return_inverse=True, return_counts=True)
    some = sizes[place] <= MOST_ITEMS
    customers, items = customers[some], items[some]
    _ids, place, sizes = np.unique(items, return_inverse=True, return_counts=True)
    some = sizes[place] >= least
    customer_ids, customers = np.unique(customers[some], return_inverse=True)
    item_ids, items = np.unique(items[some], return_inverse=True)
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
        # One number for both: sorting it is several times as fast as grouping in the database.
        pairs, place = np.unique(customers.astype(np.int64) << 32 | items, return_inverse=True)
        found.append((pairs, np.bincount(place, quantities, len(pairs)) > SMALLEST))
    pairs, place = np.unique(np.concatenate([pairs for pairs, _is_kept in found]), return_inverse=True)
    back = np.bincount(place, ~np.concatenate([is_kept for _pairs, is_kept in found]), len(pairs))
    kept = pairs[back == 0]
    return (kept >> 32).astype(np.int32), (kept & 0xFFFFFFFF).astype(np.int32)
