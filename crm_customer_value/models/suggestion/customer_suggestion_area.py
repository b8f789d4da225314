from odoo import api, fields, models

from ..base.number_fields import Integer


class CustomerSuggestionArea(models.Model):
    """What a suggestion is about when it is not about one product."""

    _name = "customer.suggestion.area"
    _description = "Suggestion Area"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = Integer(default=10)
    active = fields.Boolean(default=True)
    color = Integer()
    company_id = fields.Many2one("res.company", help="Empty: offered by all companies.")
    user_id = fields.Many2one(
        "res.users",
        string="Default Responsible",
        domain="[('share', '=', False)]",
        help="Responsible for new suggestions of this area, unless you choose another user.",
    )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "active", "color", "company_id", "user_id"}
