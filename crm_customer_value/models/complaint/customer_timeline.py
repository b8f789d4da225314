"""What went wrong."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind
from .customer_complaint_category import SEVERE
from .customer_complaint_stage import OPEN_STATES


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "complaint": TimelineKind(
                self.env._("Complaints"), "fa-exclamation-circle", "customer.complaint", "date_received", [],
                type(self)._tell_complaint, new=self.env._("Add a Complaint"),
                new_action="action_new_complaint",
            ),
        }

    @api.model
    def _tell_complaint(self, complaint):
        color = "danger" if complaint.severity in SEVERE else "warning"
        return TimelineEntry(
            complaint.display_name,
            ", ".join(filter(None, (self._label_of(complaint, "severity"), self._name_of(complaint.category_id)))),
            state=self._label_of(complaint, "state"), color=color if complaint.state in OPEN_STATES else "success",
            user=complaint.user_id,
        )
