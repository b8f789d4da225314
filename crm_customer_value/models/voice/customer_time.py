"""Times as customers read them: in their own zone and with its name, in the manner of their language."""

from babel.dates import format_skeleton, get_datetime_format, get_timezone_name
from pytz import timezone

from odoo.tools import format_date, format_time, get_lang
from odoo.tools.misc import babel_locale_parse


def customer_zone(partner, company, calendar=None):
    """Return the name of the time zone in which ``partner`` (maybe nobody) reads what ``company`` promises.

    :param calendar: the working hours of whoever made the promise
    """
    # sudo: customers may not read contacts and working hours; only the name of a zone is taken.
    partner, company = partner.sudo(), company.sudo()
    return (
        partner.tz
        or partner.commercial_partner_id.tz
        or (calendar and calendar.sudo().tz)
        or company.resource_calendar_id.tz
        or company.partner_id.tz
        or "UTC"
    )


def zone_label(env, zone):
    """Return what people call a time zone in the language of ``env``, such as "Central European Time"."""
    if "/" not in zone or zone.startswith("Etc/"):
        # Babel has no words for zones of no country, such as UTC.
        return zone
    return get_timezone_name(timezone(zone), locale=babel_locale_parse(get_lang(env).code))


def month_text(env, day):
    """Return the month of a date as "March 2027"."""
    return format_skeleton("yMMMM", day, locale=babel_locale_parse(get_lang(env).code))


def moment_text(env, moment, zone, with_zone=True):
    """Return a moment (UTC) as "Friday, December 4, 2026, 5:00 PM (Central European Time)".

    :param with_zone: False where the page names the zone already
    """
    if not moment:
        return ""
    env = env(context={**env.context, "tz": zone})
    pattern = get_datetime_format("medium", babel_locale_parse(get_lang(env).code))
    time = format_time(env, moment, tz=zone, time_format="short")
    day = format_date(env, moment, date_format="full")
    text = pattern.replace("{1}", day).replace("{0}", time)
    return f"{text} ({zone_label(env, zone)})" if with_zone else text
