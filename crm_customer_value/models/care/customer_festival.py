from datetime import timedelta

from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerFestival(models.Model):
    """A festival that customers of some countries or languages celebrate."""

    _name = "customer.festival"
    _description = "Festival"
    _inherit = ["customer.guarded.mixin"]
    _order = "name"

    name = fields.Char(required=True, translate=True)
    country_ids = fields.Many2many(
        "res.country", string="Countries Where It Is Celebrated", help="Empty: every country."
    )
    lang_ids = fields.Many2many(
        "res.lang", string="Languages", help="Empty: customers of the countries, whatever they speak."
    )
    day_ids = fields.One2many("customer.festival.day", "festival_id", "Days", copy=True)
    active = fields.Boolean(default=True)
    country_count = Integer("Countries", compute="_compute_country_count", help="Empty: every country.", optional=True)
    next_date = fields.Date("Next Day", compute="_compute_next_date")
    last_date = fields.Date("Last Day Known", compute="_compute_next_date")
    is_running_out = fields.Boolean(
        compute="_compute_next_date", help="The last day is less than a year away: the coming ones are to be entered."
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "country_ids", "lang_ids", "day_ids", "active"}

    @api.depends("country_ids")
    def _compute_country_count(self):
        for festival in self:
            festival.country_count = len(festival.country_ids) or False

    @api.depends("day_ids.date")
    @api.depends_context("tz")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for festival in self:
            days = sorted(day for day in festival.day_ids.mapped("date") if day)
            festival.next_date = next((day for day in days if day >= today), False)
            festival.last_date = days[-1] if days else False
            festival.is_running_out = not days or days[-1] < today + timedelta(days=365)


class CustomerFestivalDay(models.Model):
    """On which day a festival falls in a year."""

    _name = "customer.festival.day"
    _description = "Day of a Festival"
    _inherit = ["customer.guarded.mixin"]
    _order = "date"

    festival_id = fields.Many2one("customer.festival", required=True, index=True, ondelete="cascade")
    date = fields.Date(required=True, index=True)

    _date_uniq = models.Constraint("UNIQUE(festival_id, date)", "This festival has that day already.")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"festival_id", "date"}
