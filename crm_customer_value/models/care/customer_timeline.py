"""What we did for the customer by plan."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "care": TimelineKind(
                self.env._("Care"), "fa-gift", "customer.care.log", "date", [("state", "=", "done")],
                type(self)._tell_care,
            ),
        }

    @api.model
    def _tell_care(self, log):
        rule = self._name_of(log.rule_id)
        return TimelineEntry(
            log.name or rule, rule if log.name else "", amount=self._amount_of(log, "cost"), user=log.user_id,
        )
