from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting may be a value review: one speaks with a customer about what they gain."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "customer.link.mixin"]

    review_partner_id = fields.Many2one(
        "res.partner", "Value Review with", index="btree_not_null", ondelete="set null",
        help="The customer with whom one speaks about goals, gain and what is still open.",
    )

    @api.model
    def _link_fields(self):
        return ["review_partner_id"]
