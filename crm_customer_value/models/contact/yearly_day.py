"""Days that come back every year, 29 February too."""

from calendar import monthrange
from datetime import date

# Every (month, day) that there is, with 29 February.
DAYS_OF_YEARS = tuple((month, day) for month in range(1, 13) for day in range(1, monthrange(2000, month)[1] + 1))


def day_in_year(year, month, day):
    """Return the date on which a day of the year is kept in ``year``: 29 February is kept on the 28th in others."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def next_time(month, day, today):
    """Return the first date from ``today`` on which a day of the year is kept; today counts."""
    this_year = day_in_year(today.year, month, day)
    return this_year if this_year >= today else day_in_year(today.year + 1, month, day)
