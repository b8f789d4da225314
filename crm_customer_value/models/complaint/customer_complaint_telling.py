"""Whom the steps of a complaint are told by e-mail, and when.

What people do at the desk waits for some minutes before it is told, so that several steps in a row become one
e-mail: that of the last step. It is written when it goes out, and says what holds then.
"""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import email_normalize

from .customer_complaint_stage import RUNNING_STATES

_logger = logging.getLogger(__name__)

MAIL_CRON = "crm_customer_value.ir_cron_customer_complaint_mail"
UNTOLD = "customer.complaint.untold"
BATCH = 50
# An e-mail that failed is tried again later, so that it does not keep others waiting.
POSTPONED = timedelta(hours=1)
# The customer is on the phone, or stands here, and hears it at once.
SPOKEN_CHANNELS = ("phone", "visit")
# The customer has sent it and waits for a sign that it arrived.
SENT_CHANNELS = ("portal", "email")


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    tells_receipt = fields.Boolean(
        "Confirm by E-mail",
        compute="_compute_tells_receipt",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="Whether the customer gets an e-mail that the complaint has arrived. Off for calls and visits, unless "
        "you switch it on.",
    )
    tells_steps = fields.Boolean(
        "Tell the Customer by E-mail",
        default=True,
        copy=False,
        help="Whether the customer gets an e-mail when the complaint is acknowledged, answered, closed or rejected.",
    )
    told_address = fields.Char("E-mails Go To", compute="_compute_told_address")
    mail_stage_id = fields.Many2one(
        "customer.complaint.stage", "E-mail Waiting", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null", help="The step whose e-mail goes out soon. The e-mail of the next step replaces it.",
    )
    mail_due = fields.Datetime("E-mail Goes Out", readonly=True, copy=False)
    told_stage_id = fields.Many2one(
        "customer.complaint.stage", "Last Told", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null", help="Last step that the customer was told about by e-mail.",
    )
    unsent_answer_id = fields.Many2one(
        "mail.message", "Answer Not Sent Yet", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null",
    )

    _mail_due_index = models.Index("(mail_due) WHERE mail_due IS NOT NULL")

    @api.depends("channel")
    def _compute_tells_receipt(self):
        for complaint in self:
            complaint.tells_receipt = complaint.channel not in SPOKEN_CHANNELS

    @api.depends("partner_id.email", "email_from")
    def _compute_told_address(self):
        for complaint in self:
            complaint.told_address = complaint.partner_id.email_normalized or email_normalize(
                complaint.email_from or "", strict=False
            )

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"tells_receipt", "tells_steps"}

    def web_save(self, vals, specification, next_id=None):
        """Show at once which e-mail a step has made wait: that is decided at the end of a request only."""
        saved = super().web_save(vals, {}, next_id)
        self.env.cr.flush()
        return self.browse([values["id"] for values in saved]).with_context(bin_size=True).web_read(specification)

    def _tell_nobody_now(self):
        """Send no e-mail of the step that follows in this request; later steps are told as before."""
        self.env.cr.precommit.data.setdefault(UNTOLD, set()).update(self.ids)

    def _tells_stage(self):
        """Tell whether the customer shall hear of the stage this complaint is in (one record)."""
        if self.id in self.env.cr.precommit.data.get(UNTOLD, ()):
            return False
        return self.tells_receipt if self.state == "received" else self.tells_steps

    def _mail_waits(self):
        """Tell whether the e-mail of the stage waits for what follows (one record)."""
        # sudo: whoever moves a complaint need not read the settings.
        complaint = self.sudo()
        if self.state == "received" and self.channel in SENT_CHANNELS:
            return False
        return complaint.company_id.complaint_mail_minutes > 0 or bool(complaint.mail_stage_id)

    def _postpone_mail(self):
        """Have the e-mail of this stage go out in some minutes, in place of one that waits already (one record)."""
        # sudo: what is told when follows from what happens, and is nobody's to write.
        complaint = self.sudo()
        stage = complaint.stage_id
        if complaint.mail_stage_id and complaint.told_stage_id == stage:
            # What waits was taken back, and the customer knows all else.
            complaint._forget_waiting_mail()
            return
        ended = self.state == "closed"
        waiting = complaint.mail_stage_id
        # Somebody may have deleted the stage or its e-mail meanwhile.
        if (
            ended and waiting.template_id and complaint.unsent_answer_id
            and not complaint._tells_answer(stage.template_id)
        ):
            complaint._send_mail_of(waiting)
        answer = complaint.unsent_answer_id if ended else self.env["mail.message"].sudo()
        if self.state == "answered" and not self._is_of_unknown_sender():
            answer = self._last_answer()
        due = complaint.mail_due or fields.Datetime.now() + timedelta(
            minutes=complaint.company_id.complaint_mail_minutes
        )
        complaint.write({"mail_stage_id": stage.id, "mail_due": due, "unsent_answer_id": answer.id})
        self._wake_mail(due)

    def _forget_waiting_mail(self):
        """Send no e-mail of what waits (any number of records)."""
        # sudo: as above.
        self.sudo().write({"mail_stage_id": False, "mail_due": False, "unsent_answer_id": False})

    def _note_told(self, stage):
        """Remember that the e-mail of ``stage`` went out, so that nothing waits any more (one record)."""
        values = {
            "mail_stage_id": False, "mail_due": False, "unsent_answer_id": False, "told_stage_id": stage.id,
        }
        if self._asks_for_rating(stage.template_id):
            values["date_rating_asked"] = fields.Datetime.now()
        # sudo: as above.
        self.sudo().write(values)

    @api.model
    def _tells_answer(self, template):
        """Tell whether an e-mail repeats what the customer was answered."""
        # sudo: whoever moves a complaint need not edit its e-mails.
        body = template.sudo().body_html or ""
        return "_mail_answer" in body or "_mail_unsent_answer" in body

    @api.model
    def _asks_for_rating(self, template):
        """Tell whether an e-mail leads to a page to rate us."""
        # sudo: as above.
        body = template.sudo().body_html or ""
        return "_rating_url" in body or "_rating_get_access_token" in body

    def _mail_unsent_answer(self):
        """Return the answer that no e-mail has told the customer yet, as HTML, or nothing (one record)."""
        # sudo: as in _last_answer.
        return self.sudo().unsent_answer_id.body or ""

    def _is_mail_true(self):
        """Tell whether what waits still says where this complaint stands (one record)."""
        waiting = {self.mail_stage_id.state, self.state}
        return not self.merged_into_id and (len(waiting) == 1 or waiting <= set(RUNNING_STATES))

    def _send_waiting_mail(self):
        """Send the e-mail that waits, unless it is no longer true (one record, as superuser)."""
        if self.mail_stage_id.template_id and self._is_mail_true():
            self._send_mail_of(self.mail_stage_id)
        else:
            self._forget_waiting_mail()

    def _send_mail_of(self, stage):
        """Send the e-mail of a stage now, with the answer that was not sent yet (one record, as superuser)."""
        template = stage.template_id
        if not self._has_customer_email():
            self._forget_waiting_mail()
            self._tell_no_email(template)
            return
        self._send_to_customer(
            template,
            author=self.user_id.partner_id or self.company_id.partner_id,
            files=self.unsent_answer_id.attachment_ids,
        )
        self._note_told(stage)

    @api.model
    def _cron_send_mails(self):
        """Send the e-mails that are due; what another one sends right now is left to it."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._count_due_mails())
        while done := self._send_due_mails(BATCH):
            if not cron._commit_progress(done, remaining=self._count_due_mails()):
                return
        [[later]] = self.sudo()._read_group([("mail_due", "!=", False)], aggregates=["mail_due:min"])
        self._wake_mail(later)

    @api.model
    def _count_due_mails(self):
        # sudo: the scheduled action serves all companies.
        return self.sudo().with_context(active_test=False).search_count([("mail_due", "<=", fields.Datetime.now())])

    @api.model
    def _send_due_mails(self, limit=None):
        """Send what is due, first come first served; return how many complaints that were."""
        now = fields.Datetime.now()
        # sudo: as above.
        complaints = self.sudo().with_context(active_test=False)
        due = complaints.search([("mail_due", "<=", now)], order="mail_due, id", limit=limit)
        locked = due.try_lock_for_update(allow_referencing=True)
        for complaint in locked:
            try:
                with self.env.cr.savepoint():
                    complaint._send_waiting_mail()
            except OperationalError:
                # Nothing is wrong with the e-mail: another transaction was faster, or the connection is gone.
                raise
            except Exception:
                _logger.exception("The e-mail of complaint %s failed; it is tried again in an hour", complaint.id)
                complaint.mail_due = now + POSTPONED
        return len(locked)

    @api.model
    def _wake_mail(self, moment):
        """Have the scheduled action run at a moment, if there is one and nobody deleted the action."""
        # sudo: everybody who moves a complaint has an e-mail sent.
        cron = moment and self.env.ref(MAIL_CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(max(moment, fields.Datetime.now()))

    def action_send_waiting_mail(self):
        """Send the e-mails that wait now."""
        self.check_access("write")
        self._lock_stage()
        # sudo: e-mails are sent by the program; who asks for it may change these complaints.
        for complaint in self.sudo().filtered("mail_stage_id"):
            complaint._send_waiting_mail()

    def action_drop_waiting_mail(self):
        """Send no e-mail of the last step, and leave a note of that."""
        self.check_access("write")
        self._lock_stage()
        for complaint in self.filtered("mail_stage_id"):
            complaint._message_log(
                body=self.env._("The customer gets no e-mail about “%s”.", complaint.mail_stage_id.name)
            )
            complaint._forget_waiting_mail()
