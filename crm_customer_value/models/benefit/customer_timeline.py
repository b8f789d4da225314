"""What was agreed with the customer, and what they gained."""

from odoo import api, models
from odoo.tools import format_date

from ..timeline.customer_timeline import TimelineEntry, TimelineKind
from .statement_texts import number_text, period_text, quantity_text

GOAL_COLORS = {
    "proposed": "info", "on_track": "success", "behind": "warning", "reached": "success", "missed": "danger",
}
RECORD_COLORS = {"reported": "secondary", "confirmed": "success", "contested": "warning"}


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "goal": TimelineKind(
                self.env._("Goals"), "fa-bullseye", "customer.benefit.goal", "date_start", [],
                type(self)._tell_goal,
            ),
            "measurement": TimelineKind(
                self.env._("Measurements"), "fa-line-chart", "customer.benefit.record", "date_to", [],
                type(self)._tell_measurement,
            ),
        }

    @api.model
    def _tell_goal(self, goal):
        return TimelineEntry(
            self.env._("Goal: %s", self._name_of(goal.metric_id, "name")),
            self.env._(
                "From %(baseline)s to %(target)s by %(day)s", baseline=number_text(self.env, goal.baseline),
                target=quantity_text(self.env, goal.target, goal.unit), day=format_date(self.env, goal.date_target),
            ),
            state=self._label_of(goal, "state"), color=GOAL_COLORS.get(goal.state, "secondary"), user=goal.user_id,
        )

    @api.model
    def _tell_measurement(self, record):
        before = "" if record.baseline is False else self.env._(
            "before %s", quantity_text(self.env, record.baseline, record.unit)
        )
        return TimelineEntry(
            self.env._(
                "%(metric)s: %(value)s", metric=self._name_of(record.metric_id, "name"),
                value=quantity_text(self.env, record.value, record.unit),
            ),
            ", ".join(filter(None, (period_text(self.env, record.date_from, record.date_to), before))),
            state=self._label_of(record, "state"), color=RECORD_COLORS[record.state],
            amount=self._amount_of(record, "gain"),
        )
