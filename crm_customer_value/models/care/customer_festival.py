from odoo import api, fields, models


class CustomerFestival(models.Model):
    """A festival that customers of some countries or languages celebrate."""

    _name = "customer.festival"
    _description = "Festival"
    _inherit = ["customer.guarded.mixin"]
    _order = "name"

    name = fields.Char(required=True, translate=True)
    country_ids = fields.Many2many("res.country", string="Countries")
    lang_ids = fields.Many2many(
        "res.lang", string="Languages", help="Empty: customers of the countries, whatever they speak."
    )
    day_ids = fields.One2many("customer.festival.day", "festival_id", "Days")
    active = fields.Boolean(default=True)

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "country_ids", "lang_ids", "day_ids", "active"}


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
