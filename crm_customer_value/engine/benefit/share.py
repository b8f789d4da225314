"""How much of a measurement lies within some days."""


def share_within(date_from, date_to, first, last, once=False):
    """Return which part, from 0 to 1, of a period lies within the days from ``first`` to ``last``.

    :param date date_from: first day of the period; ``date_to``, ``first`` and ``last`` likewise, last days included
    :param bool once: what happened once counts as a whole, on the last day of its period
    """
    if once:
        return float(first <= date_to <= last)
    days = (min(date_to, last) - max(date_from, first)).days + 1
    return max(days, 0) / ((date_to - date_from).days + 1)
