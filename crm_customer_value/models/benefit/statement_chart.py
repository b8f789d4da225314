"""The curve of one metric as points of a drawing, which pages and reports show without any script."""

from typing import NamedTuple

WIDTH, HEIGHT = 320, 140
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 10, 10
# How much of the height stays free above and below the values.
SPARE = 0.1


class Chart(NamedTuple):
    """A drawing of ``WIDTH`` by ``HEIGHT``; ``points`` is a list of (x, y)."""

    points: list
    line: str
    baseline: float | None  # y
    target: float | None  # y
    width: int = WIDTH
    height: int = HEIGHT


def draw(values, baseline=None, target=None):
    """Return the chart of the values of a metric, or None where there are none.

    :param values: [(number of the month, value)] in the order of the months
    :param baseline: the value before, None where there is none or several
    :param target: the value that was agreed, likewise
    """
    if not values:
        return None
    numbers = [value for _month, value in values] + [line for line in (baseline, target) if line is not None]
    low, high = min(numbers), max(numbers)
    spare = (high - low or abs(high) or 1) * SPARE
    low, high = low - spare, high + spare
    first, last = values[0][0], values[-1][0]

    def across(month):
        if first == last:
            return WIDTH / 2
        return round(LEFT + (month - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    def down(value):
        return round(TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    points = [(across(month), down(value)) for month, value in values]
    return Chart(
        points=points,
        line=" ".join(f"{x},{y}" for x, y in points),
        baseline=None if baseline is None else down(baseline),
        target=None if target is None else down(target),
    )
