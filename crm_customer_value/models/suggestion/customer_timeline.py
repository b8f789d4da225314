"""What could be better."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "suggestion": TimelineKind(
                self.env._("Suggestions"), "fa-lightbulb-o", "customer.suggestion", "create_date", [],
                type(self)._tell_suggestion,
            ),
        }

    @api.model
    def _tell_suggestion(self, suggestion):
        return TimelineEntry(
            suggestion.display_name, state=self._label_of(suggestion, "state"),
            color="success" if suggestion.state == "implemented" else "info", user=suggestion.user_id,
        )
