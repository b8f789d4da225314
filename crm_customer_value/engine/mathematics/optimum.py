"""The least loss of a few parameters between limits: Newton's method with a limited step. Needs numpy only.

For three or four parameters this takes about as many evaluations as scipy's L-BFGS-B, ends closer to the
optimum, and stays clear of BLAS, whose threads make that one many times slower on a busy machine.
"""

from typing import NamedTuple

import numpy as np

# A slope below this is none: parameters are logarithms, the loss is per customer.
FLAT = 1e-5
# What rounding may do to a loss, relatively.
NOISE = 1e-13
# Longest step at the beginning and ever, and the distance over which slopes are compared.
FIRST, LONGEST, APART = 2.0, 8.0, 1e-4


class Optimum(NamedTuple):
    """Where a search ended."""

    place: np.ndarray
    loss: float
    converged: bool
    #: numbers of the parameters that ended at a limit
    at_limit: list
    #: second derivatives near the place, or None
    curvature: np.ndarray | None


def search(loss, starts, limits, curvature=None):
    """Return the Optimum.

    :param loss: function of a place that returns (loss, slope)
    :param starts: places to begin at; the next one is tried only if the search from one did not converge
    :param limits: rows (lowest, highest), one per parameter
    :param curvature: second derivatives at the first start, if known
    """
    found = None
    for start in starts:
        other = _descend(loss, np.clip(start, *limits.T), *limits.T, curvature)
        if found is None or other.loss < found.loss:
            found = other
        if other.converged:
            break
        curvature = None
    return found


def _descend(loss, place, low, high, curvature):
    value, slope = loss(place)
    fresh, reach, damping = False, FIRST, 0.0
    for _step in range(100):
        # At a limit only a slope that leads back between the limits counts.
        free = np.flatnonzero(~((place <= low) & (slope > 0) | (place >= high) & (slope < 0)))
        steepest = np.abs(slope[free]).max(initial=0)
        if steepest < FLAT / 100:
            break
        if curvature is None:
            curvature, fresh = _differences(loss, place, slope, high), True
        step, damping = _step_within(curvature[np.ix_(free, free)], -slope[free], reach, damping)
        new = place.copy()
        new[free] += step
        new = np.clip(new, low, high)
        move = new - place
        new_value, new_slope = loss(new)
        promised, gain = -(slope @ move + move @ curvature @ move / 2), value - new_value
        noise = NOISE * (1 + abs(value))
        flatter = np.abs(new_slope[free]).max()
        if gain > 0.1 * promised or (promised < noise and gain > -noise and flatter < steepest):
            place, value, slope = new, new_value, new_slope
            damping = damping / 16 if damping > 1e-8 else 0.0
            if gain > 0.7 * promised:
                reach = min(2 * reach, LONGEST)
            if flatter > 0.3 * steepest:  # second derivatives of another place help no more
                curvature, fresh = None, False
        elif 0 <= promised < noise or reach < 1e-9:
            break
        elif fresh:
            reach = np.abs(move).max() / 4
        else:
            curvature = None
    at_limit = np.flatnonzero((place - low < 1e-6) | (high - place < 1e-6)).tolist()
    return Optimum(place, value, bool(np.isfinite(value) and steepest < FLAT), at_limit, curvature)


def _differences(loss, place, slope, high):
    """Return the second derivatives, as differences of slopes."""
    rows = []
    for i in range(len(place)):
        aside = place.copy()
        aside[i] += APART if place[i] + APART <= high[i] else -APART
        rows.append((loss(aside)[1] - slope) / (aside[i] - place[i]))
    return (np.array(rows) + np.array(rows).T) / 2


def _step_within(curvature, descent, reach, damping):
    """Return Newton's step, and as much damping as it takes to go down and not too far."""
    while damping < 1e15:
        step = _solve(curvature, descent, damping)
        if step is not None and np.abs(step).max() <= reach:
            return step, damping
        damping = max(4 * damping, 1e-9)
    return np.zeros(len(descent)), damping  # nothing sensible came from the loss: the search ends here


def _solve(matrix, right, damping):
    """Solve (matrix + damping · 1) · step = right by elimination; None if that matrix is not positive."""
    rows = [[*line, value] for line, value in zip(matrix.tolist(), right.tolist(), strict=True)]
    size = len(rows)
    for i, row in enumerate(rows):
        row[i] += damping
    for i, row in enumerate(rows):
        if not row[i] > 1e-14:
            return None
        for other in rows[i + 1:]:
            factor = other[i] / row[i]
            for column in range(i, size + 1):
                other[column] -= factor * row[column]
    step = [0.0] * size
    for i in reversed(range(size)):
        step[i] = (rows[i][size] - sum(rows[i][j] * step[j] for j in range(i + 1, size))) / rows[i][i]
    return np.array(step)
