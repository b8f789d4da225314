"""What was done to keep the customer or to win them back, and whether it helped."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind

STARTED = [("state", "=", "done")]


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "rescue": TimelineKind(
                self.env._("Efforts"), "fa-life-ring", "customer.rescue", "date", STARTED, type(self)._tell_rescue,
            ),
            "rescue_result": TimelineKind(
                self.env._("Results of Efforts"), "fa-flag-checkered", "customer.rescue", "result_date", STARTED,
                type(self)._tell_rescue_result,
            ),
        }

    @api.model
    def _tell_rescue(self, rescue):
        title = (
            self.env._("Effort to win back") if rescue.kind == "win_back" else self.env._("Effort to keep")
        )
        return TimelineEntry(
            title, rescue.offer or rescue.action_text, self._label_of(rescue, "reason"),
            amount=self._amount_of(rescue, "cost") if rescue.cost else "", user=rescue.user_id,
        )

    @api.model
    def _tell_rescue_result(self, rescue):
        if rescue.result == "lost":
            return TimelineEntry(
                self.env._("Bought nothing in the 90 days after the effort"), state=rescue._result_text(),
                color="danger",
            )
        return TimelineEntry(
            self.env._("Bought again after the effort"), state=rescue._result_text(), color="success",
        )
