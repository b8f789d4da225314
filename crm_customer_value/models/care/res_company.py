from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Float

# The first second of working time says which day is worked.
A_SECOND = 1 / 3600
# Nobody is closed for longer; then care goes out on a day that is not worked.
FURTHEST_DAYS = 31


class ResCompany(models.Model):
    """When customers are not to be disturbed, and which share of them shows what happens without care."""

    _inherit = "res.company"

    care_held_out = Float(
        # Customers with an account read their company, and not this.
        "Customers Held Out (%)", digits=(16, 1), default=10.0, groups="base.group_user",
        help="Care rules leave out this share of the customers, always the same ones, so that you see what care "
        "brings. Complaints, key customers and broken relationships are always cared for. With fewer than 200 "
        "customers nobody is left out.",
    )
    care_hour_from = Float("E-mails From", default=8.0, help="Hour of the day, in the time zone of the contact.")
    care_hour_to = Float("E-mails Until", default=19.0, help="Hour of the day, in the time zone of the contact.")

    _care_held_out_range = models.Constraint(
        "CHECK (care_held_out BETWEEN 0 AND 50)", "Enter 0 to 50 percent of the customers to be held out."
    )

    @api.constrains("care_hour_from", "care_hour_to")
    def _check_care_hours(self):
        for company in self:
            if not 0 <= company.care_hour_from < company.care_hour_to <= 24:
                raise ValidationError(self.env._(
                    "E-mails of care rules are sent between two hours of a day. The first one has to be earlier than "
                    "the second one."
                ))

    def _customer_care_day(self, day):
        """Return the first working day of this company (one) that is not before a day."""
        for number in range(FURTHEST_DAYS):
            found = day + timedelta(days=number)
            if self._customer_is_care_day(found):
                return found
        return day

    def _customer_is_care_day(self, day):
        """Tell whether this company (one) works on a day: from Monday to Friday if it has no working hours."""
        # sudo: hours and holidays count alike for everybody.
        calendar = self.sudo().resource_calendar_id
        if not calendar:
            return day.weekday() < 5
        zone = timezone(calendar.tz or "UTC")
        start = zone.localize(datetime.combine(day, time.min)).astimezone(utc).replace(tzinfo=None)
        worked = calendar._customer_deadline(start, A_SECOND)
        return bool(worked) and utc.localize(worked).astimezone(zone).date() == day

    def _customer_care_moment(self, zone, day):
        """Return the next moment (UTC) at which an e-mail disturbs nobody.

        On a working day of this company (one), in the hours of the day that it allows, by the clock of the contact.

        :param str zone: of the contact
        :param date day: not before that day
        """
        zone = timezone(zone)
        now = utc.localize(fields.Datetime.now()).astimezone(zone)
        start = max(now, zone.localize(datetime.combine(day, time.min)))
        for number in range(FURTHEST_DAYS):
            on = start.date() + timedelta(days=number)
            if not self._customer_is_care_day(on):
                continue
            opens, closes = (
                zone.localize(datetime.combine(on, time.min) + timedelta(hours=hour))
                for hour in (self.care_hour_from, self.care_hour_to)
            )
            if start < closes:
                return max(start, opens).astimezone(utc).replace(tzinfo=None)
        return start.astimezone(utc).replace(tzinfo=None)
