"""The birthday of a contact: day and month, and the year where it is known."""

import operator as compare
from calendar import monthrange
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..base.number_fields import Integer
from .yearly_day import DAYS_OF_YEARS, next_time

# Whoever meets customers congratulates them, and whoever keeps the contacts corrects them.
BIRTHDAY_GROUPS = "crm_customer_value.group_meets_customers,base.group_partner_manager"
COMPARED = {"<": compare.lt, "<=": compare.le, ">": compare.gt, ">=": compare.ge}
FIRST_YEAR = 1900
LEAP_YEAR = 2000


class ResPartner(models.Model):
    _inherit = "res.partner"

    birthday_day = Integer("Day of Birth", optional=True, aggregator=None, groups=BIRTHDAY_GROUPS)
    birthday_month = fields.Selection(
        [
            ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"), ("6", "June"),
            ("7", "July"), ("8", "August"), ("9", "September"), ("10", "October"), ("11", "November"),
            ("12", "December"),
        ],
        "Month of Birth", groups=BIRTHDAY_GROUPS,
    )
    birthday_year = Integer(
        "Year of Birth", optional=True, aggregator=None, groups=BIRTHDAY_GROUPS,
        help="Leave it empty if you do not know it: day and month are enough.",
    )
    next_birthday = fields.Date(
        compute="_compute_next_birthday", search="_search_next_birthday", groups=BIRTHDAY_GROUPS,
        help="Today, if it is today. In years without 29 February, that birthday is on the 28th.",
    )

    @api.depends("birthday_day", "birthday_month")
    @api.depends_context("tz")
    def _compute_next_birthday(self):
        today = fields.Date.context_today(self)
        for partner in self:
            day, month = partner.birthday_day, partner.birthday_month
            partner.next_birthday = day and month and next_time(int(month), day, today)

    def _search_next_birthday(self, operator, value):
        """Find birthdays by the days of the year on which they are, so that nothing changes at midnight."""
        today = fields.Date.context_today(self)
        if operator == "in":
            wanted = {fields.Date.to_date(day) for day in value if day}

            def holds(day):
                return day in wanted
        elif operator in COMPARED:
            limit = fields.Date.to_date(value)

            def holds(day):
                return COMPARED[operator](day, limit)
        else:
            return NotImplemented
        days = {}
        for month, day in DAYS_OF_YEARS:
            if holds(next_time(month, day, today)):
                days.setdefault(month, []).append(day)
        found = Domain.OR(
            Domain("birthday_month", "=", str(month)) & Domain("birthday_day", "in", in_month)
            for month, in_month in days.items()
        )
        return found | Domain("birthday_month", "=", False) if operator == "in" and False in value else found

    @api.constrains("birthday_day", "birthday_month", "birthday_year", "is_company")
    def _check_birthday(self):
        """Refuse what is no day, in words that say what to do."""
        # sudo: whoever makes a company of a contact need not see its birthday.
        for partner in self.sudo():
            day, month, year = partner.birthday_day, partner.birthday_month, partner.birthday_year
            if day is False and not month and year is False:
                continue
            if partner.is_company:
                raise ValidationError(self.env._(
                    "%(contact)s is a company, and only people have birthdays. Clear the birthday, or note the day on "
                    "which the company was founded as an event.",
                    contact=partner.display_name,
                ))
            if day is False or not month:
                raise ValidationError(self.env._("Enter the day and the month of the birthday, or neither."))
            partner._check_birthday_exists(day, int(month), year)

    def _check_birthday_exists(self, day, month, year):
        """Raise unless there is, or was, such a day (one record); ``year`` may be False."""
        name = dict(self._fields["birthday_month"]._description_selection(self.env))[str(month)]
        if not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
            raise ValidationError(self.env._(
                "There is no %(day)s %(month)s. Correct the day or the month of the birthday.", day=day, month=name,
            ))
        if year is False:
            return
        today = fields.Date.context_today(self)
        if not FIRST_YEAR <= year <= today.year:
            raise ValidationError(self.env._(
                "Enter a year of birth from %(first)s to %(last)s, or leave it empty.",
                first=str(FIRST_YEAR), last=str(today.year),
            ))
        if day > monthrange(year, month)[1]:
            raise ValidationError(self.env._(
                "There was no %(day)s %(month)s in %(year)s. Correct the year of the birthday, or leave it empty.",
                day=day, month=name, year=str(year),
            ))
        if date(year, month, day) > today:
            raise ValidationError(self.env._(
                "%(day)s is still to come. Correct the birthday, or leave the year empty.",
                day=format_date(self.env, date(year, month, day)),
            ))
