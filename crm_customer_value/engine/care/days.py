"""Days that come back every year."""

from datetime import date, timedelta

# Nobody's first purchase, and no birth of a company that is celebrated, lies further back.
YEARS = 120


def days_between(first, last):
    """Return all dates from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def celebrated(first, last):
    """Return which days of a year are celebrated on some dates: [(date, month, day)].

    Who was born on 29 February celebrates on the 28th where there is no 29th.

    :param date first: ``last`` likewise, both included
    """
    found = []
    for day in days_between(first, last):
        found.append((day, day.month, day.day))
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            found.append((day, 2, 29))
    return found


def origins(first, last):
    """Return of which dates some dates are anniversaries, as [(date, date then)], by :func:`celebrated`."""
    found = []
    for day, month, number in celebrated(first, last):
        for year in range(max(day.year - YEARS, 1), day.year):
            if (month, number) != (2, 29) or is_leap(year):
                found.append((day, date(year, month, number)))
    return found


def is_leap(year):
    """Tell whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
