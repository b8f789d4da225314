"""Working time as a line: how much of it lies between two moments, and when a certain amount is over.

Moments are naive UTC datetimes, amounts are whole seconds, so that both directions are exact.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

WEEK = timedelta(days=7)
# The first Monday of the computer's time; weeks are counted from it.
MONDAY = datetime(1970, 1, 5)
# A calendar that has not worked for so long never will.
HORIZON = 530
HOUR = 3600


def to_seconds(hours):
    """Return hours as whole seconds."""
    return round(hours * HOUR)


class WorkingTime:
    """The working hours of one calendar, loaded week by week as they are asked for."""

    def __init__(self, load=None):
        """:param load: function of two local Mondays (naive datetimes) returning what is worked between
        them as sorted pairs of timestamps; None: work never stops
        """
        self._load = load
        self._weeks = None
        self._starts, self._stops, self._before, self._after = [], [], [], []

    def seconds(self, start, end):
        """Return the working seconds from ``start`` to ``end``, below zero when ``end`` comes first."""
        start, end = _timestamp(start), _timestamp(end)
        if not self._load:
            return end - start
        self._cover(min(start, end), max(start, end))
        return self._sum(end) - self._sum(start)

    def moment(self, start, seconds):
        """Return the first moment at which ``seconds`` have been worked since ``start``.

        Below zero: the last moment from which on so many are worked until ``start``. None when that never happens.
        """
        begin = _timestamp(start)
        if not self._load or not seconds:
            return _datetime(begin + seconds)
        self._cover(begin, begin)
        step = 4 if seconds > 0 else -4
        while not self._reaches(begin, seconds):
            if abs(step) > HORIZON:
                return None
            edge = begin + int(step * WEEK.total_seconds())
            self._cover(min(begin, edge), max(begin, edge))
            step *= 2
        target = self._sum(begin) + seconds
        if seconds > 0:
            index = bisect_left(self._after, target)
            return _datetime(self._stops[index] - (self._after[index] - target))
        index = bisect_right(self._before, target) - 1
        return _datetime(self._starts[index] + target - self._before[index])

    def intervals(self, start, end):
        """Return what is worked from ``start`` to ``end`` as pairs of naive UTC datetimes."""
        if not self._load:
            return [(start, end)]
        low, high = _timestamp(start), _timestamp(end)
        self._cover(low, high)
        return [
            (_datetime(max(begin, low)), _datetime(min(stop, high)))
            for begin, stop in zip(self._starts, self._stops, strict=True)
            if begin < high and stop > low
        ]

    def _reaches(self, begin, seconds):
        """Tell whether what is loaded suffices to count ``seconds`` from ``begin``."""
        if not self._starts:
            return False
        target = self._sum(begin) + seconds
        return target <= self._after[-1] if seconds > 0 else target >= 0

    def _cover(self, low, high):
        """Load the weeks around two timestamps, a day more on either side for the time zones."""
        first = (_datetime(low) - timedelta(days=1) - MONDAY) // WEEK
        last = (_datetime(high) + timedelta(days=1) - MONDAY) // WEEK + 1
        if not self._weeks:
            self._weeks = (first, first)
        known_first, known_last = self._weeks
        if first >= known_first and last <= known_last:
            return
        earlier = self._fetch(first, known_first)
        later = self._fetch(known_last, last)
        worked = [*earlier, *zip(self._starts, self._stops, strict=True), *later]
        self._weeks = (min(first, known_first), max(last, known_last))
        self._starts = [start for start, _stop in worked]
        self._stops = [stop for _start, stop in worked]
        self._before, self._after, total = [], [], 0
        for start, stop in worked:
            self._before.append(total)
            total += stop - start
            self._after.append(total)

    def _fetch(self, first, last):
        """Return what is worked in the weeks from ``first`` up to ``last``."""
        return self._load(MONDAY + first * WEEK, MONDAY + last * WEEK) if first < last else []

    def _sum(self, timestamp):
        """Return the seconds worked up to a timestamp, from the first week loaded."""
        index = bisect_right(self._starts, timestamp) - 1
        if index < 0:
            return 0
        return self._before[index] + min(timestamp, self._stops[index]) - self._starts[index]


def _timestamp(moment):
    return int(moment.replace(tzinfo=UTC).timestamp())


def _datetime(timestamp):
    return datetime.fromtimestamp(timestamp, UTC).replace(tzinfo=None)
