"""How far a goal is on its way, and whether that is far enough."""

# How much of the whole way a goal may lie below the straight line and still be on track.
TOLERANCE = 0.1


def progress(baseline, target, value):
    """Return which share of the way from the baseline to the target is done, from 0 to 1.

    :param float value: the latest value, in the unit of baseline and target, which differ
    """
    return min(max((value - baseline) / (target - baseline), 0.0), 1.0)


def expected(date_start, date_target, day):
    """Return which share of the way the straight line has done at the end of a day, from 0 to 1.

    :param date date_start: first day of the goal
    :param date date_target: day at the end of which the target is to be reached, after the first day
    """
    days = (date_target - date_start).days + 1
    return min(max(((day - date_start).days + 1) / days, 0.0), 1.0)


def state(share, date_start, date_target, date_latest, today):
    """Return what a goal that was measured is: ``reached``, ``missed``, ``on_track`` or ``behind``.

    What is compared with the straight line is the latest value on its own day, so that a goal that was measured
    last month does not fall behind by waiting for the next measurement.

    :param float share: the share of the way that is done, from :func:`progress`
    :param date date_latest: last day of the period of the latest value
    :param date today: which day it is for the company
    """
    if share >= 1.0:
        return "reached"
    if today > date_target:
        return "missed"
    # Rounded, because a share of exactly the line less the tolerance is on track.
    return "on_track" if round(share - expected(date_start, date_target, date_latest) + TOLERANCE, 9) >= 0 else "behind"
