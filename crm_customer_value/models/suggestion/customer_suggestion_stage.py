from odoo import api, fields, models

from ..base.number_fields import Integer

STATES = [
    ("new", "New"),
    ("review", "Under Review"),
    ("accepted", "Accepted"),
    ("planned", "Planned"),
    ("implemented", "Implemented"),
    ("declined", "Declined"),
]
# Nothing is decided for good: customers may support, and take their support back.
OPEN_STATES = ("new", "review", "accepted", "planned")


class CustomerSuggestionStage(models.Model):
    """A step on a suggestion's way. What it means is said by its state, never by its name."""

    _name = "customer.suggestion.stage"
    _description = "Suggestion Stage"
    _inherit = ["customer.stage.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES,
        string="Meaning",
        required=True,
        default="review",
        help="New: not reviewed yet, and not shown to other customers. Implemented: the author and all supporters are "
        "told. Declined: you must enter a reason, which the customer reads.",
    )
    fold = fields.Boolean("Folded in Kanban")
    color = Integer()

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"name", "sequence", "active", "state", "fold", "color"}
