"""Whom the steps of a complaint are told by e-mail, when, and what to do when an e-mail cannot be sent.

What people do at the desk waits for some minutes before it is told, so that several steps in a row become one
e-mail: that of the last step. It is written when it goes out, and says what holds then.
"""

import logging
from datetime import timedelta

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr

from ..voice.customer_time import moment_text
from ..voice.one_line import one_line
from .customer_complaint_stage import RUNNING_STATES

_logger = logging.getLogger(__name__)

MAIL_CRON = "crm_customer_value.ir_cron_customer_complaint_mail"
UNTOLD = "customer.complaint.untold"
BATCH = 50
# An e-mail that failed is tried again later, so that it does not keep others waiting.
POSTPONED = timedelta(hours=1)
# The customer has sent it and waits for a sign that it arrived.
SENT_CHANNELS = ("portal", "email", "website")
# What programs that answer by themselves must know to keep silent.
AUTOMATIC_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


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

    @api.depends("channel_id")
    def _compute_tells_receipt(self):
        """Whoever is on the phone, or stands here, hears it at once."""
        for complaint in self:
            complaint.tells_receipt = not complaint.channel_id.is_spoken

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
        if self.state == "received" and complaint.channel_id.code in SENT_CHANNELS:
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

    # The e-mail itself

    def _track_post_template_finalize(self):
        """A new complaint has entered its first stage, even when nobody has chosen that stage."""
        changes = self.env.cr.precommit.data.get(f"mail.tracking.create.{self._name}.{self.id}")
        if changes and "stage_id" not in changes:
            changes.append("stage_id")
        return super()._track_post_template_finalize()

    def _message_track_post_template(self, changes):
        """Mail to unknown senders without making contacts of them, and mark these mails as automatic."""
        complaints = self.with_context(mail_composer_force_partners=False, complaint_automatic_mail=True)
        return super(CustomerComplaint, complaints)._message_track_post_template(changes)

    def _track_template(self, changes):
        templates = super()._track_template(changes)
        template = self.stage_id.template_id
        # What was merged goes on elsewhere: there is nothing to tell about this half of it.
        if "stage_id" not in changes or not template or self.merged_into_id:
            return templates
        if self.id in self.env.cr.precommit.data.get("customer.complaint.unanswered", ()):
            # What this answers came from a program, or by way of one.
            return templates
        if not self._tells_stage():
            if self.mail_stage_id:
                self._forget_waiting_mail()
            return templates
        if not self._has_customer_email():
            self._tell_no_email(template)
            return templates
        if self._mail_waits():
            self._postpone_mail()
            return templates
        files = self._last_answer().attachment_ids if self._tells_answer(template) else ()
        templates["stage_id"] = (template, self._prepare_stage_mail() | self._prepare_files(template, files))
        self._note_told(self.stage_id)
        return templates

    def _prepare_stage_mail(self):
        """Return how to send a stage's e-mail: a note in the chatter that also goes to the customer."""
        values = {
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "email_layout_xmlid": "mail.mail_notification_light",
            "auto_delete_keep_log": True,
        }
        if not self.partner_id.email_normalized:
            values |= {"composition_mode": "mass_mail", "force_send": False}
        return values

    def _message_mail_after_hook(self, mails):
        """Send what senders without a contact are told after the transaction, like all other e-mails.

        Odoo sends mass mails within it. Where it fails, and a batch may, people would read what did not happen, and
        read it again at the next try.
        """
        result = super()._message_mail_after_hook(mails)
        if self.env.context.get("complaint_automatic_mail"):
            mails.send_after_commit()
        return result

    def _send_to_customer(self, template, author=None, files=()):
        """Send an e-mail outside of any change of stage (one record).

        :param author: who says it, if not the user (res.partner)
        :param files: what goes along (ir.attachment)
        """
        values = self._prepare_stage_mail() | self._prepare_files(template, files)
        if author:
            values["author_id"] = author.id
        complaint = self.with_context(mail_composer_force_partners=False, complaint_automatic_mail=True)
        if values.pop("composition_mode", None) == "mass_mail":
            complaint.message_mail_with_source(template, message_type="auto_comment", **values)
        else:
            complaint.message_post_with_source(template, message_type="auto_comment", **values)

    @api.model
    def _prepare_files(self, template, files):
        """Return how an e-mail takes files along, besides those of its template."""
        # sudo: whoever moves a complaint need not edit its e-mails.
        return {"attachment_ids": [Command.set((files | template.sudo().attachment_ids).ids)]} if files else {}

    def _has_customer_email(self):
        """Tell whether there is an address to write to (one record)."""
        recipients = self._message_get_default_recipients()[self.id]
        partners = self.env["res.partner"].browse(recipients["partner_ids"])
        return bool(partners.filtered("email_normalized") or email_normalize(recipients["email_to"], strict=False))

    def _tell_no_email(self, template):
        """Let people know that the customer was not written to, and has to be told otherwise."""
        self._message_log(
            body=self.env._(
                "The customer has no valid e-mail address, so “%s” was not sent.", template.subject or template.name
            )
        )
        self._plan_follow_up(
            "crm_customer_value.mail_activity_type_tell_customer",
            self.env._("There is no valid e-mail address. Contact the customer in another way."),
        )

    def _message_receive_bounce(self, email, partner):
        """Tell the responsible person that the customer did not get an e-mail."""
        result = super()._message_receive_bounce(email, partner)
        for complaint in self:
            complaint._message_log(body=self.env._("An e-mail to %s could not be delivered.", email))
            complaint._plan_follow_up(
                "crm_customer_value.mail_activity_type_tell_customer",
                self.env._("An e-mail came back. Find out how to reach the customer."),
            )
        return result

    def _plan_follow_up(self, activity_type, note):
        """Give the responsible person, or the team's leader, something to do; once while it is open.

        :param activity_type: XML id of a mail.activity.type
        """
        self.ensure_one()
        # sudo: the customer, or the mail server, is at work here.
        complaint = self.sudo()
        wanted = self.env["ir.model.data"]._xmlid_to_res_id(activity_type, raise_if_not_found=False)
        if wanted and wanted in complaint.activity_ids.activity_type_id.ids:
            return
        user = complaint.user_id.filtered("active") or complaint.team_id.leader_id.filtered("active")
        complaint.activity_schedule(activity_type, note=note, user_id=user.id)

    def _notify_by_email_get_headers(self, headers=None):
        headers = super()._notify_by_email_get_headers(headers=headers)
        if self.env.context.get("complaint_automatic_mail"):
            headers.update(AUTOMATIC_HEADERS)
        return headers

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Answers go to the team's address, where there is one."""
        result = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        # sudo: whoever writes to a customer need not read addresses of teams.
        for complaint in self.sudo():
            if address := complaint.team_id.alias_email:
                author_id = (author_ids or {}).get(complaint.id)
                result[complaint.id] = self._notify_get_reply_to_formatted_email(address, author_id=author_id)
        return result

    def _mail_answer(self):
        """Return what the customer is answered, as HTML, or nothing (one record)."""
        if self._is_of_unknown_sender():
            return ""
        preview = self.env.context.get("complaint_answer_preview")
        # Clients send plain text: nobody gives an answer by a context.
        if isinstance(preview, Markup):
            return preview
        # sudo: as in _last_answer.
        return self.sudo().unsent_answer_id.body or self._last_answer().body

    def _preview_answer(self, template, answer):
        """Return the e-mail that the customer would get of an answer, as HTML (one record)."""
        answer = Markup(answer or "")
        if not template:
            return answer
        complaint = self.with_context(complaint_answer_preview=answer)
        template = template.with_context(complaint_answer_preview=answer)
        return template._render_field("body_html", complaint.ids, compute_lang=True)[self.id]

    def _mail_sender(self):
        """Return the address that e-mails of stages come from (one record)."""
        # sudo: as above.
        team = self.sudo().team_id
        if team.alias_email:
            return formataddr((one_line(self.company_id.name), team.alias_email))
        return self.company_id.email_formatted or self.env.user.email_formatted

    def _is_of_unknown_sender(self):
        """Tell whether anybody could have typed this under somebody else's address (one record).

        What comes with it is not repeated to that address.
        """
        # sudo: customers may not read who created what.
        complaint = self.sudo()
        return complaint.create_uid._is_public() or (complaint.channel_code == "email" and not complaint.partner_id)

    def _mail_name(self):
        """Return how to address the customer in an e-mail: by name, if it is known (one record)."""
        name = self.partner_id.name or self.partner_name or ""
        return "" if "@" in name else name

    def _mail_remedy(self):
        """Return what the customer is given, in words of the reader's language (one record)."""
        remedies = dict(self._fields["remedy"]._description_selection(self.env))
        return remedies.get(self.remedy, "")

    def _customer_lang(self):
        """Return the language that the customer reads, as far as it is known (one record)."""
        # A language may have been switched off since.
        return self.partner_id.lang or self.env["res.lang"]._get_code(self.sender_lang)

    def _mail_lang(self):
        """Return the language of e-mails to the customer (one record)."""
        return self._customer_lang() or self.company_id.partner_id.lang

    def _mail_title(self):
        """Return the title as part of a sentence: without a full stop of its own (one record)."""
        return (self.name or "").rstrip(" .。")

    def _mail_moment(self, moment):
        """Return a moment in words of the reader's language, in the customer's time zone (one record)."""
        return moment_text(self.env, moment, self._customer_zone(self.partner_id))
