"""E-mails to the customer when a complaint enters a stage, and what to do when they cannot be sent."""

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr

from ..voice.customer_time import moment_text
from ..voice.one_line import one_line

# What programs that answer by themselves must know to keep silent.
AUTOMATIC_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

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
        return complaint.create_uid._is_public() or (complaint.channel == "email" and not complaint.partner_id)

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
