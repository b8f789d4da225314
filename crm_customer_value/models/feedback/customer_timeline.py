"""What the customer answered when we asked."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind

# Of 100 points: below, somebody should ask what was wrong; from, they are content.
BAD_BELOW, GOOD_FROM = 50, 75


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "feedback": TimelineKind(
                self.env._("Feedback"), "fa-smile-o", "customer.feedback", "date_answered",
                [("state", "=", "answered")], type(self)._tell_feedback,
            ),
        }

    @api.model
    def _tell_feedback(self, feedback):
        known = feedback.score is not False
        return TimelineEntry(
            self._name_of(feedback.rule_id) or self._label_of(feedback, "about"), feedback.comment,
            state=f"{feedback.score}, {self._label_of(feedback, 'scale')}" if known else "",
            color=self._points_color(feedback.points), user=feedback.user_id,
        )

    @api.model
    def _points_color(self, points):
        if points is False:
            return "secondary"
        if points < BAD_BELOW:
            return "danger"
        return "success" if points >= GOOD_FROM else "warning"
