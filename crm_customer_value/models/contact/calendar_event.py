from odoo import api, fields, models

from .res_partner import MEETS_GROUP

# Many who come never answer an invitation.
CAME = ("accepted", "tentative", "needsAction")


class CalendarEvent(models.Model):
    """A meeting with customers that took place can be logged, with all of them at once."""

    _inherit = "calendar.event"

    can_log_contact = fields.Boolean(compute="_compute_can_log_contact", groups=MEETS_GROUP)

    @api.depends("stop", "partner_ids", "attendee_ids.state", "active")
    def _compute_can_log_contact(self):
        """Only when it is over, and with whom nobody has logged it yet."""
        now = fields.Datetime.now()
        for event in self:
            event.can_log_contact = bool(event.active and event.stop and event.stop <= now and event._customer_guests())

    def _customer_guests(self):
        """Return the people from outside with whom this meeting (one) took place and was not logged yet."""
        event = self._origin or self
        # sudo: that a colleague has logged it already counts, whoever may read what they wrote.
        logged = self.env["customer.contact.log"].sudo().search([("event_id", "in", event.ids)])
        came = event.attendee_ids.filtered(lambda attendee: attendee.state in CAME).partner_id
        return came.filtered(
            lambda partner: partner.active
            and partner.partner_share
            and partner.commercial_partner_id not in logged.commercial_partner_id
        )

    def action_log_contact(self):
        """Ask what was learned in this meeting, and log it with everybody from outside who was there."""
        self.ensure_one()
        self.check_access("read")
        channels = self.env["customer.contact.channel"]
        minutes = round((self.stop - self.start).total_seconds() / 60) if not self.allday else False
        return self.env["customer.contact.wizard"]._action_of(
            self._customer_guests()._filtered_access("read"),
            default_event_id=self.id,
            default_date=self.start,
            default_user_id=(self.user_id.filtered(lambda user: not user.share) or self.env.user).id,
            default_channel_id=channels._of("phone" if self.videocall_location and not self.location else "visit").id,
            default_direction="both",
            **({} if minutes is False or minutes > 1440 else {"default_minutes": minutes}),
        )
