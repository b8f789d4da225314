"""Numbers, days and periods as customers read them: in their language, and days in their time zone."""

from calendar import monthrange
from datetime import datetime

from odoo.fields import Datetime
from odoo.tools import format_amount, format_date, formatLang

from ..voice.customer_time import month_text

# Digits after the point that a measured value is shown with, at most.
MOST_DIGITS = 4
UNKNOWN = "–"


def number_text(env, number):
    """Return a number with as many digits as it has; what is not known (False) is a dash."""
    if number is False or number is None:
        return UNKNOWN
    digits = next((digits for digits in range(MOST_DIGITS) if round(number, digits) == number), MOST_DIGITS)
    return formatLang(env, number, digits=digits)


def quantity_text(env, number, unit):
    """Return a number with its unit."""
    text = number_text(env, number)
    # A blank that no line is broken at.
    return text if text == UNKNOWN or not unit else f"{text}\u00a0{unit}"


def amount_text(env, amount, currency):
    """Return an amount of money with its currency; what is not known (False) is a dash."""
    if amount is False or amount is None:
        return UNKNOWN
    is_whole = bool(currency.decimal_places) and currency.is_zero(amount - round(amount))
    return format_amount(env, amount, currency, trailing_zeroes=not is_whole)


def day_text(env, day):
    """Return a day, or the day of a moment (UTC) in the time zone of ``env``."""
    if not day:
        return ""
    if isinstance(day, datetime):
        day = Datetime.context_timestamp(env["res.partner"], day).date()
    return format_date(env, day)


def period_text(env, first, last):
    """Return a period as "2026", "March 2026", one day, or its first and last day."""
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        if (first.year, first.month) == (last.year, last.month):
            return month_text(env, first)
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return str(first.year)
    if first == last:
        return day_text(env, first)
    return f"{day_text(env, first)} – {day_text(env, last)}"
