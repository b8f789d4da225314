"""Whether care helped: the difference of two shares, with the interval that it lies in.

The interval is method 10 of R. G. Newcombe, "Interval estimation for the difference between independent proportions:
comparison of eleven methods", Statistics in Medicine 17 (1998), 873–890: the intervals of E. B. Wilson (1927) for each
share, without correction for continuity, put together. It stays within -1 and 1, and is honest for small numbers.
"""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

# Fewer customers, or fewer purchases, on a side say nothing.
FEWEST_CUSTOMERS = 30
FEWEST_PURCHASES = 10
CONFIDENCE = 0.95


class Difference(NamedTuple):
    """How much larger the first share is than the second, from -1 to 1, and between what the truth lies."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self):
        """Whether nothing at all is not among what may be true."""
        return self.low > 0 or self.high < 0


def wilson(found, total, confidence=CONFIDENCE):
    """Return the interval (low, high) in which a share lies, from 0 to 1.

    :param int found: of how many it is true
    :param int total: of how many it was asked
    :raise ValueError: when ``found`` is not between 0 and ``total``, or ``total`` is 0
    """
    if not 0 <= found <= total or total < 1:
        raise ValueError(f"{found} of {total} is no share")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = found / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    # What rounding makes of an end that is exactly 0 or 1.
    return (0.0 if found == 0 else middle - half), (1.0 if found == total else middle + half)


def difference(found, total, other_found, other_total, confidence=CONFIDENCE):
    """Return the :class:`Difference` of two shares: ``found`` of ``total``, less ``other_found`` of ``other_total``.

    :raise ValueError: when one of them is no share
    """
    low, high = wilson(found, total, confidence)
    other_low, other_high = wilson(other_found, other_total, confidence)
    share, other = found / total, other_found / other_total
    value = share - other
    return Difference(
        value,
        value - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        value + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def is_enough(found, total):
    """Tell whether one side says anything: ``found`` purchases of ``total`` customers."""
    return total >= FEWEST_CUSTOMERS and found >= FEWEST_PURCHASES
