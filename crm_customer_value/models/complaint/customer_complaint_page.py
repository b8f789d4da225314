"""What a complaint's page on the portal tells, and what customers do there."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ..voice.customer_time import customer_zone, moment_text, zone_label

# How far along the timeline a complaint of this state is.
PROGRESS = {"received": 0, "handling": 2, "answered": 3, "closed": 4, "rejected": 4}


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    def _customer_zone(self, reader):
        """Return the name of the time zone in which the contact ``reader`` reads this complaint (one record)."""
        # sudo: customers may not read teams; only the zone of their working hours is taken.
        return customer_zone(reader, self.company_id, self.sudo().team_id._get_calendar())

    def _portal_tz(self, user):
        """Return the name of the time zone in which ``user`` reads this complaint (one record)."""
        return self._customer_zone(self.partner_id if user._is_public() else user.partner_id)

    def _portal_zone_label(self, tz):
        """Return what the reader calls the time zone ``tz``."""
        return zone_label(self.env, tz)

    def _is_other_side(self, user):
        """Tell whether ``user`` is an employee, and not the one who complains (one record)."""
        return user._is_internal() and user.partner_id != self.partner_id

    def _portal_timeline(self):
        """Return the steps of this complaint for its customer (one record).

        :return: a list of {"label", "date" (maybe empty), "done", "current"}
        """
        self.ensure_one()
        progress = PROGRESS[self.state or "received"]
        steps = [
            (self.env._("Received"), self.date_received),
            (self.env._("Acknowledged"), self.date_acknowledged),
            (self.env._("In Progress"), False),
            (self.env._("Answered"), self.date_answered),
            (self.env._("Not Accepted") if self.state == "rejected" else self.env._("Closed"), self.date_closed),
        ]
        return [
            {
                "label": label,
                "date": date if number <= progress else False,
                "done": number <= progress,
                "current": number == progress,
            }
            for number, (label, date) in enumerate(steps)
            # What has ended tells what happened, not what was left out.
            if self._is_open() or date
        ]

    def _portal_promise(self):
        """Return what the customer was promised (one record).

        :return: {"kind": "none", "waiting", "acknowledge" or "answer", "date", "late"}
        """
        self.ensure_one()
        promise = {"kind": "none", "date": False, "late": False}
        if self.state not in ("received", "handling"):
            return promise
        if self.waits_for_customer:
            return {**promise, "kind": "waiting"}
        if self.state == "received" and self.acknowledge_deadline:
            promise.update(kind="acknowledge", date=self.acknowledge_deadline)
        elif self.resolve_deadline:
            promise.update(kind="answer", date=self.resolve_deadline)
        promise["late"] = bool(promise["date"]) and promise["date"] < fields.Datetime.now()
        return promise

    def _portal_promise_text(self, promise, tz):
        """Return in words what the customer was promised (one record).

        :param promise: see ``_portal_promise``; its kind is not "waiting"
        """
        if promise["kind"] == "none":
            return self.env._("We have received your complaint and will answer as soon as we can.")
        moment = Markup("<strong>%s</strong>") % moment_text(self.env, promise["date"], tz, with_zone=False)
        if promise["late"]:
            return self.env._(
                "We are late. We promised to answer by %(moment)s. We are sorry and are working on it.", moment=moment
            )
        if promise["kind"] == "acknowledge":
            return self.env._("We will tell you by %(moment)s who handles your complaint.", moment=moment)
        return self.env._("We will answer by %(moment)s.", moment=moment)

    def _portal_reopen_text(self, until, tz):
        """Return in words until when the customer may reopen this complaint (one record)."""
        return self.env._(
            "You can reopen this complaint until %(moment)s.",
            moment=moment_text(self.env, until, tz, with_zone=False),
        )

    def _portal_may_reopen(self):
        """Tell whether the customer may reopen this complaint, or refuse our answer, now (one record)."""
        return self.state == "answered" if self._is_open() else self._may_be_reopened()

    def _customer_confirm(self):
        """Note that the customer is content, and close the complaint where it can be closed (one record).

        :return: whether it is closed now
        """
        self.ensure_one()
        if self.state != "answered":
            raise UserError(self.env._("You can confirm a complaint as solved only after we have answered it."))
        # sudo: what the customer said is nobody's to write by hand.
        self.sudo().customer_confirmed = fields.Datetime.now()
        try:
            with self.env.cr.savepoint():
                self._close()
        except (UserError, ValidationError):
            # The customer's part is done; ours, such as the root cause of a severe complaint, is not.
            self._tell_responsible_confirmed()
            return False
        return True

    def _tell_responsible_confirmed(self):
        """Ask whoever is responsible to finish what the customer cannot see."""
        self.message_notify(
            partner_ids=(self.user_id or self.team_id.leader_id).partner_id.ids,
            subject=self.env._("%(complaint)s: the customer is satisfied", complaint=self.display_name),
            body=self.env._(
                "The customer confirmed on the portal that this is solved. "
                "Complete what is missing, such as the root cause, and close the complaint."
            ),
        )
        self._message_log(
            body=self.env._("The customer confirmed on the portal that this is solved, but it cannot be closed yet.")
        )

    def _customer_reopen(self, reason):
        """Take the complaint up again because its customer says so (one record).

        :param reason: what the customer wrote, plain text
        """
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please tell us why this is not solved."))
        if not self._portal_may_reopen():
            raise UserError(
                self.env._(
                    "This complaint can no longer be reopened. Please send us a new one and mention this number."
                )
            )
        if self.state == "answered":
            self._take_up_again()
            self._post_by_customer(self.env._("Not solved: %s", reason))
        else:
            self._reopen(reason, by_customer=True)
