"""Acknowledging, closing, rejecting and reopening complaints."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import is_html_empty, plaintext2html

from ..base.number_fields import Integer
from .customer_complaint_count import SERVICE_GROUP
from .customer_complaint_stage import OPEN_STATES


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    reject_reason = fields.Text("Reason for Rejection", copy=False, readonly=True)
    time_in_stage = Integer(
        "Days in Stage",
        compute="_compute_time_in_stage",
        help="Whole days since the complaint entered its stage.",
    )
    days_open = Integer(
        compute="_compute_days_open", help="Whole days since the complaint was received, or until it ended."
    )
    missing_to_close = fields.Char(
        compute="_compute_missing_to_close", help="What you must fill in before you can close a severe complaint."
    )
    # mail.tracking.duration.mixin cannot answer this: it adds up all stays in a stage, from messages that have tracked
    # them, and knows no moment. Odoo's models keep the date beside it, too: date_last_stage_update of project.task.
    date_stage = fields.Datetime("In Stage Since", readonly=True, copy=False, default=fields.Datetime.now)

    @api.depends("date_stage")
    def _compute_time_in_stage(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.time_in_stage = (now - complaint.date_stage).days if complaint.date_stage else 0

    @api.depends("date_received", "date_closed")
    def _compute_days_open(self):
        now = fields.Datetime.now()
        for complaint in self:
            received = complaint.date_received or now
            complaint.days_open = max(((complaint.date_closed or now) - received).days, 0)

    @api.constrains("stage_id", "reject_reason")
    def _check_reject_reason(self):
        """The customer is told why, so nothing is rejected without a word, as by dragging a card."""
        for complaint in self:
            if complaint.state == "rejected" and not (complaint.reject_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter a reason to reject %(complaint)s. The customer reads it. Use the button Reject.",
                        complaint=complaint.display_name,
                    )
                )

    @api.depends("state", "severity", "cause_id", "root_cause", "corrective_action", "merged_into_id")
    @api.depends_context("lang")
    def _compute_missing_to_close(self):
        """Tell before somebody tries to close, not after."""
        for complaint in self:
            handled = complaint.state in ("handling", "answered") and not complaint.merged_into_id
            missing = complaint._missing_to_close() if handled and complaint._is_severe() else []
            complaint.missing_to_close = ", ".join(missing) or False

    @api.constrains("stage_id", "severity", "cause_id", "root_cause", "corrective_action", "merged_into_id")
    def _check_learned(self):
        """What was severe ends only when one knows why it happened and what is changed."""
        for complaint in self:
            if complaint.state != "closed" or complaint.merged_into_id or not complaint._is_severe():
                continue
            missing = complaint._missing_to_close()
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s is severe. Before you can close it, fill in: %(missing)s. Use the button Close.",
                        complaint=complaint.display_name,
                        missing=", ".join(missing),
                    )
                )

    def _missing_to_close(self):
        """Return the names of what a severe complaint still lacks (one record)."""
        missing = []
        if not self.cause_id and not (self.root_cause or "").strip():
            missing.append(self.env._("root cause"))
        if not (self.corrective_action or "").strip():
            missing.append(self.env._("corrective action"))
        return missing

    def _on_stage_changed(self, previous):
        """Count the time in the new stage from now, and forget the reason of a rejection taken back."""
        # sudo: both follow from the stage, and are nobody's to choose.
        complaints = self.sudo()
        complaints.date_stage = fields.Datetime.now()
        complaints.filtered(lambda complaint: complaint.state != "rejected").reject_reason = False
        return super()._on_stage_changed(previous)

    def _lock_stage(self):
        """Keep others from moving these complaints until this is done.

        Who comes a moment later is told so at once; who comes after that finds them moved.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is changing this complaint right now. Reload the page and look again.")
            ) from error

    def _move_to(self, state, **values):
        """Write these complaints into the first stage of this meaning that their team uses."""
        for complaint in self:
            stage = complaint._find_stage(state)
            if not stage:
                meanings = dict(stage._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The team of %(complaint)s has no stage with the meaning “%(meaning)s”. An administrator of "
                        "customer service can add one.",
                        meaning=meanings[state],
                        complaint=complaint.display_name,
                    )
                )
            complaint.write({"stage_id": stage.id, **values})

    def _acknowledge(self):
        """Begin to handle those of these complaints that were only received; leave the others alone."""
        self._lock_stage()
        self.filtered(lambda complaint: complaint.state == "received")._move_to("handling")

    def _close(self):
        """Close those of these complaints that are open; leave the others alone."""
        self._lock_stage()
        self.filtered("stage_id").filtered(lambda complaint: complaint._is_open())._move_to("closed")

    def _reject(self, reason):
        """End open complaints without doing what the customer wants, and say why."""
        self._lock_stage()
        reason = self._clean_reason(reason)
        self._check_all(OPEN_STATES, self.env._("%s is already closed, so it cannot be rejected."))
        self.check_access("write")
        # sudo: the reason is given together with the rejection, and is not rewritten afterwards.
        self.sudo().reject_reason = reason
        self._move_to("rejected")
        for complaint in self:
            complaint._message_log(body=self.env._("Rejected: %s", reason))

    def _reopen(self, reason, by_customer=False):
        """Handle ended complaints again; customers may ask for it for some days only."""
        self._lock_stage()
        reason = self._clean_reason(reason)
        self._check_all(("closed", "rejected"), self.env._("%s is still open. Write a message instead."))
        if by_customer:
            self._check_reopen_time()
        self.action_unarchive()
        self._move_to("handling")
        for complaint in self:
            body = self.env._("Reopened: %s", reason)
            if by_customer:
                complaint._post_by_customer(body)
            else:
                complaint._message_log(body=body)

    def _reopen_until(self):
        """Return until when the customer may reopen this complaint, or False (one record)."""
        days = self.company_id.complaint_reopen_days
        if self._is_open() or self.merged_into_id or not self.date_closed or days <= 0:
            return False
        return self.date_closed + timedelta(days=days)

    def _check_reopen_time(self):
        """Raise when it is too late for the customer; the last minute is still in time."""
        for complaint in self:
            until = complaint._reopen_until()
            # Closed at 10:00:00, the whole minute of 10:00 counts on the last day.
            if not until or fields.Datetime.now().replace(second=0) > until:
                raise UserError(
                    self.env._(
                        "%(complaint)s can no longer be reopened. Please send a new complaint.",
                        complaint=complaint.display_name,
                    )
                )

    def _clean_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter a reason."))
        return reason

    def _check_all(self, states, message):
        """Raise ``message`` for the first of these complaints that is in another state."""
        for complaint in self:
            if complaint.state not in states:
                raise UserError(message % complaint.display_name)

    def action_acknowledge(self):
        """Begin to handle these complaints; whoever does so is responsible, where nobody is yet."""
        self.check_access("write")
        nobodys = self.filtered(lambda complaint: complaint.state == "received" and not complaint.user_id)
        self._acknowledge()
        if self.env.user.has_group(SERVICE_GROUP):
            # Moving them may have given them to somebody.
            nobodys.filtered(lambda complaint: not complaint.user_id).write({"user_id": self.env.uid})

    def _answer(self, text="", files=()):
        """Give the customer our answer; leave alone what is not being handled.

        :param text: for the customer, plain or Markup; may be empty where somebody wrote the answer before
        :param files: of which each customer gets a copy (ir.attachment)
        """
        self.check_access("write")
        self._lock_stage()
        body = text if isinstance(text, Markup) else plaintext2html((text or "").strip())
        for complaint in self.filtered(lambda complaint: complaint.state == "handling"):
            if files or not is_html_empty(body):
                # Who follows reads it at once; the customer with the e-mail of the stage.
                waiting = {"res_model": "mail.compose.message", "res_id": 0}
                complaint.message_post(
                    body=body,
                    attachment_ids=[file.copy(waiting).id for file in files],
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
            elif not complaint._last_answer():
                raise UserError(
                    self.env._(
                        "%s has no answer yet. Write an answer for the customer.",
                        complaint.display_name,
                    )
                )
            complaint._move_to("answered")

    def _last_answer(self):
        """Return the mail.message that our people wrote to the customer last, unless the customer wrote since."""
        # sudo: whoever answers a complaint has to know what the customer was told, whoever said it.
        said = self.env["mail.message"].sudo().search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", ("comment", "email")),
                ("is_internal", "=", False),
                ("subtype_id.internal", "=", False),
            ],
            order="id desc",
            limit=1,
        )
        authors = said.author_id.with_context(active_test=False).user_ids
        return said if any(user._is_internal() for user in authors) else said.browse()

    def action_acknowledge_selected(self):
        """Say which customers are told before these complaints are acknowledged."""
        received = self.filtered(lambda complaint: complaint.state == "received")
        if not received:
            return self._nothing_to_do(self.env._("Nothing to acknowledge: this has been done already."))
        return received._open_reason(self.env._("Acknowledge"), "acknowledge")

    def action_answer(self):
        """Ask what the customer shall read."""
        handled = self.filtered(lambda complaint: complaint.state == "handling")
        if not handled:
            return self._nothing_to_do(self.env._("Nothing to answer. Acknowledge the complaint first."))
        title = self.env._("Answer")
        if handled < self:
            title = self.env._(
                "Answer %(number)s of %(all)s Complaints: the others are not being handled",
                number=len(handled), all=len(self),
            )
        return handled._open_reason(title, "answer")

    def _lacks_to_close(self):
        """Return those of these complaints that cannot be closed before somebody fills in what they lack."""
        return self.filtered(
            lambda complaint: complaint._is_open() and complaint._is_severe() and complaint._missing_to_close()
        )

    def _close_learned(self, cause, root_cause, corrective_action):
        """Close these complaints, after filling in what the severe ones among them lack."""
        self.check_access("write")
        self._lock_stage()
        for complaint in self._lacks_to_close():
            values = {}
            if not complaint.cause_id and not (complaint.root_cause or "").strip():
                values.update(cause_id=cause.id, root_cause=root_cause)
            if not (complaint.corrective_action or "").strip():
                values["corrective_action"] = corrective_action
            complaint.write(values)
        self._close()

    def action_close(self):
        """Close these complaints; ask first for what severe ones lack, and say so when somebody else was faster."""
        self.check_access("write")
        if self._lacks_to_close():
            return self._open_reason(self.env._("Close"), "close")
        was_open = self.filtered(lambda complaint: complaint._is_open())
        self._close()
        if was_open:
            return True
        return self._nothing_to_do(self.env._("This complaint has already been closed, rejected or merged."))

    def action_close_selected(self):
        """Say which customers are told before these complaints are closed."""
        still_open = self.filtered(lambda complaint: complaint._is_open())
        if not still_open:
            return self._nothing_to_do(self.env._("These complaints have already been closed, rejected or merged."))
        return still_open._open_reason(self.env._("Close"), "close")

    def action_reject(self):
        """Ask why these complaints are rejected."""
        return self._open_reason(self.env._("Reject"), "reject")

    def action_reopen(self):
        """Ask why these complaints are opened again."""
        return self._open_reason(self.env._("Reopen"), "reopen")

    def _nothing_to_do(self, message):
        self.check_access("write")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _open_reason(self, title, purpose):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.complaint.reason",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_ids": self.ids, "default_purpose": purpose},
        }
