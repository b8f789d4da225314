from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .yearly_day import next_time


class CustomerLifeEvent(models.Model):
    """Something that changed in the life of a customer: they moved, have a new manager, are ten years old."""

    _name = "customer.life.event"
    _description = "Event in the Customer's Life"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, check_company=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", "Customer", related="partner_id.commercial_partner_id", store=True, index=True,
        precompute=True,
    )
    kind = fields.Selection(
        [
            ("moved", "Moved"),
            ("manager", "New Manager"),
            ("owner", "New Owner"),
            ("anniversary", "Anniversary"),
            ("growth", "Grew"),
            ("trouble", "In Trouble"),
            ("family", "Family"),
            ("other", "Other"),
        ],
        required=True, default="other", index=True,
    )
    name = fields.Char("What Happened", required=True)
    date = fields.Date(
        required=True, index=True, default=fields.Date.context_today,
        help="When it happened, or will happen. Of an event that comes back every year: the first time.",
    )
    is_yearly = fields.Boolean("Every Year", help="An anniversary that comes back.")
    date_next = fields.Date(
        "Next Time", compute="_compute_date_next",
        help="When it is next, today counts. Empty: it is over, and does not come back. In years without "
        "29 February, an event of that day is on the 28th.",
    )
    user_id = fields.Many2one(
        "res.users", "Noted by", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"company_id", "partner_id", "kind", "name", "date", "is_yearly"}

    def write(self, vals):
        """Name whoever says what is there now, and of whom, and not those before."""
        result = super().write(vals)
        if {"name", "kind", "date", "partner_id"} & vals.keys() and not self.env.su:
            # sudo: who noted it is for the program to note.
            self.sudo().user_id = self.env.uid
        return result

    @api.depends("date", "is_yearly")
    @api.depends_context("tz")
    def _compute_date_next(self):
        today = fields.Date.context_today(self)
        for event in self:
            day = event.date
            if day and event.is_yearly and day < today:
                day = next_time(day.month, day.day, today)
            event.date_next = day and day >= today and day

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "anniversary":
            self.is_yearly = True

    @api.constrains("name")
    def _check_name(self):
        if any(not event.name.strip() for event in self):
            raise ValidationError(self.env._("Write what happened: a few words are enough."))
