"""The least loss of a few parameters between limits: scipy's L-BFGS-B from one start after another."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

# A slope below this is none: parameters are logarithms, the loss is per customer.
FLAT = 1e-5
# Nearer to a limit than this is at it.
NEAR = 1e-6


class Optimum(NamedTuple):
    """Where a search ended."""

    place: np.ndarray
    loss: float
    converged: bool
    #: numbers of the parameters that ended at a limit
    at_limit: list


def search(loss, starts, limits):
    """Return the Optimum.

    :param loss: function of a place that returns (loss, slope)
    :param starts: places to begin at; the next one is tried only if the search from one did not converge
    :param limits: rows (lowest, highest), one per parameter
    """
    found = None
    for start in starts:
        other = _descend(loss, start, limits)
        if found is None or other.loss < found.loss:
            found = other
        if other.converged:
            break
    return found


def _descend(loss, start, limits):
    low, high = limits.T
    # The slope alone says when to stop: a loss that hardly changes may still be far from the optimum.
    result = minimize(
        loss, np.clip(start, low, high), jac=True, method="L-BFGS-B", bounds=limits,
        options={"gtol": FLAT / 100, "ftol": 0.0, "maxls": 50},
    )
    place, slope = result.x, result.jac
    # At a limit only a slope that leads back between the limits counts.
    free = ~((place <= low) & (slope > 0) | (place >= high) & (slope < 0))
    converged = np.isfinite(result.fun) and np.abs(slope[free]).max(initial=0) < FLAT
    at_limit = np.flatnonzero((place - low < NEAR) | (high - place < NEAR)).tolist()
    return Optimum(place, float(result.fun), bool(converged), at_limit)
