"""What one measurement of a customer's gain is worth, and whether it can be true."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

# How far a value may lie from the baseline before somebody has to say that it is right.
LARGEST_RATIO = 10
MONTHS_OF_YEAR = 12


class Measurement(NamedTuple):
    """A value that was measured in a period, and what it is compared with."""

    value: float
    baseline: float | None  # None: nobody knows what it was before
    lower: bool  # lower is better
    unit: str
    metric_unit: str
    typical: tuple | None = None  # (lowest, highest) of the metric; None where nobody set it

    @property
    def improvement(self):
        """How much better the value is than the baseline, in units; None without a baseline."""
        if self.baseline is None:
            return None
        return self.baseline - self.value if self.lower else self.value - self.baseline


def months_covered(date_from, date_to):
    """Return how many months a period covers: a whole calendar month is one, a part of one counts by its days.

    :param date date_from: first day
    :param date date_to: last day, included
    """
    months, day = 0.0, date_from
    while day <= date_to:
        days = monthrange(day.year, day.month)[1]
        last = min(date_to, date(day.year, day.month, days))
        months += ((last - day).days + 1) / days
        day = last + timedelta(days=1)
    return months


def periods_covered(period, date_from, date_to):
    """Return how many periods of a metric a measurement covers.

    :param str period: ``month``, ``year`` or ``once``
    """
    if period == "once":
        return 1.0
    months = months_covered(date_from, date_to)
    return months if period == "month" else months / MONTHS_OF_YEAR


def worth(measurement, money_per_unit, period, date_from, date_to):
    """Return what a measurement is worth, in the currency of the metric and not rounded; it has a baseline.

    :param float money_per_unit: what one unit less, or more, is worth per period of the metric
    """
    return measurement.improvement * money_per_unit * periods_covered(period, date_from, date_to)


def doubt(measurement):
    """Return why a measurement needs a person to say that it is right, or None.

    ``baseline``: there is none. ``unit``: it is not that of the metric. ``worse``: the customer lost.
    ``size``: more than ten times the baseline. ``range``: the baseline is zero, and the value is not within what is
    typical for the metric, or nobody set what is typical.
    """
    if measurement.baseline is None:
        return "baseline"
    if (measurement.unit or "").strip().casefold() != (measurement.metric_unit or "").strip().casefold():
        return "unit"
    if measurement.improvement < 0:
        return "worse"
    if measurement.baseline:
        return "size" if abs(measurement.value) > LARGEST_RATIO * abs(measurement.baseline) else None
    if measurement.typical is None or not measurement.typical[0] <= measurement.value <= measurement.typical[1]:
        return "range"
    return None
