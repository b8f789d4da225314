"""When we were in touch, what to know, and what changed in the customer's life."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "contact": TimelineKind(
                self.env._("In Touch"), "fa-comments-o", "customer.contact.log", "date", [],
                type(self)._tell_contact, new=self.env._("Log a Contact"), new_action="action_log_contact",
            ),
            "note": TimelineKind(
                self.env._("What to Know"), "fa-thumb-tack", "customer.contact.note", "date", [],
                type(self)._tell_note,
            ),
            "life": TimelineKind(
                self.env._("Their Life"), "fa-birthday-cake", "customer.life.event", "date", [],
                type(self)._tell_life_event,
            ),
        }

    @api.model
    def _tell_contact(self, log):
        channel = self._name_of(log.channel_id)
        direction = self._label_of(log, "direction")
        minutes = self.env._("%s min", log.minutes) if log.minutes else ""
        return TimelineEntry(
            self.env._("%(channel)s: %(direction)s", channel=channel, direction=direction),
            log.summary, state=minutes, user=log.user_id,
        )

    @api.model
    def _tell_note(self, note):
        return TimelineEntry(self.env._("Note"), note.text, user=note.user_id)

    @api.model
    def _tell_life_event(self, event):
        return TimelineEntry(event.name, state=self._label_of(event, "kind"), user=event.user_id)
