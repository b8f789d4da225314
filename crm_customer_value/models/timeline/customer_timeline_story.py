"""Where the customer stood, and when we met."""

from odoo import api, models
from odoo.fields import Domain

from .customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "meeting": TimelineKind(
                self.env._("Meetings"), "fa-calendar", "calendar.event", "start", self._open_meetings(),
                type(self)._tell_meeting, customer="partner_ids.commercial_partner_id", company="",
            ),
            "stage": TimelineKind(
                self.env._("Stage Changes"), "fa-flag", "customer.lifecycle.transition", "date", [],
                type(self)._tell_stage, customer="partner_id",
            ),
        }

    @api.model
    def _open_meetings(self):
        """Return the domain of meetings that the user takes part in, or that are not private.

        Whom somebody meets in private is nobody else's business: Odoo hides who takes part.
        """
        user = self.env.user
        # sudo: whose meetings are private unless they say otherwise, as Odoo itself looks it up.
        private = self.env["res.users.settings"].sudo().search([("calendar_default_privacy", "=", "private")]).user_id
        return (
            Domain("user_id", "=", user.id)
            | Domain("partner_ids", "in", user.partner_id.ids)
            | Domain("privacy", "in", ("public", "confidential"))
            | Domain("privacy", "=", False) & Domain("user_id", "not in", private.ids)
        )

    @api.model
    def _tell_meeting(self, event):
        return TimelineEntry(event.name, event.location, user=event.user_id)

    @api.model
    def _tell_stage(self, move):
        old, new = (
            self._name_of(stage) or self.env._("no stage") for stage in (move.from_stage_id, move.to_stage_id)
        )
        return TimelineEntry(
            f"{old} → {new}" if move.from_stage_id else new, move.why, user=move.user_id
        )
