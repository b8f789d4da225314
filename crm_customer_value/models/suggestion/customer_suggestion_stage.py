from odoo import fields, models

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

    state = fields.Selection(
        STATES,
        string="Meaning",
        required=True,
        default="review",
        help="New: not reviewed yet, and not shown to other customers. Implemented: the author and all supporters are "
        "told. Declined: you must enter a reason, which the customer reads.",
    )
