"""What the customer needs, and what became of it."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind

STATE_COLORS = {"open": "warning", "partly": "info", "met": "success", "not_for_us": "secondary"}


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "need": TimelineKind(
                self.env._("Needs"), "fa-heart-o", "customer.need.change", "date", [("need_id.active", "=", True)],
                type(self)._tell_need, customer="need_id.commercial_partner_id",
            ),
        }

    @api.model
    def _tell_need(self, change):
        need = change.need_id
        return TimelineEntry(
            self._name_of(need.type_id), need.words, state=self._label_of(change, "state"),
            color=STATE_COLORS[change.state], user=need.user_id, opens=need,
        )
