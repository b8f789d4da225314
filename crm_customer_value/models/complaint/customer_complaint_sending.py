"""How a complaint comes in from the pages of the portal."""

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr, plaintext2html

SUBJECT_LENGTH = 80


class CustomerComplaint(models.Model):
    _inherit = "customer.complaint"

    sender_lang = fields.Char(
        "Language of the Sender",
        readonly=True,
        copy=False,
        help="Language in which the public form was filled in. E-mails use it until there is a contact.",
    )

    @api.model
    def _send_by_customer(self, values, text, files=(), key=None):
        """Create a complaint from a form of the portal.

        :param values: checked by the controller, field by field; nothing of a form goes in here as it came
        :param text: what happened, plain text
        :param files: pairs of (name, content)
        :param key: the form's own mark; the same form sent twice makes one complaint
        :return: the complaint, or none when this form was sent before: see _find_sent
        """
        complaint = self._send_once({
            **values,
            "name": values.get("name") or self._subject_from(text),
            "description": plaintext2html(text),
            "channel": "portal",
            "sender_lang": self.env.lang,
        }, key)
        if complaint and files:
            complaint._post_by_customer(self.env._("Files sent with the complaint."), attachments=list(files))
        return complaint

    @api.model
    def _subject_from(self, text):
        """Return the first words of a text."""
        line = text.strip().splitlines()[0].strip()
        return line if len(line) <= SUBJECT_LENGTH else f"{line[:SUBJECT_LENGTH].rsplit(' ', 1)[0]}…"

    def _post_by_customer(self, body, **values):
        """Post a message in the name of the customer: whoever uses the page, or the contact (one record)."""
        self.ensure_one()
        author = self.env.user.partner_id if self.env.user._is_portal() else self.partner_id
        if author:
            values["author_id"] = author.id
        else:
            # An e-mail address proves nothing: the author stays without a contact, whoever has it.
            sender = self.email_from and formataddr((self.partner_name or "", self.email_from))
            values.update(author_id=False, email_from=sender)
        return self.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **values
        )

    def _place_unknown_sender(self):
        """Decide who the sender of the public form is, as far as one can know (one record).

        An e-mail address that a contact has proves nothing, as anybody can type it: the complaint
        stays unassigned, and the desk is told. A new address may become a contact, if the team
        takes unknown senders so.
        """
        # The system does this: the sender is nobody yet.
        complaint = self.with_user(SUPERUSER_ID)
        email = email_normalize(complaint.email_from)
        known = complaint.env["res.partner"].with_context(active_test=False).search(
            Domain("email_normalized", "=", email) & Domain("company_id", "in", [False, complaint.company_id.id]),
            limit=5,
        )
        if known:
            names = Markup(", ").join(partner._get_html_link() for partner in known)
            complaint._message_log(body=self.env._(
                "Sent from the public form with the e-mail address of %(names)s. An address can be "
                "typed by anybody: ask before you enter the contact.",
                names=names,
            ))
        elif complaint.team_id.alias_unknown_sender == "create":
            key = complaint.portal_key
            complaint.partner_id = complaint.env["res.partner"].create({
                "name": complaint.partner_name,
                "email": email,
                "phone": complaint.phone,
                "lang": complaint._mail_lang(),
                "company_id": complaint.company_id.id,
            })
            # This contact is the sender: a second click on the same form must not make a second complaint.
            complaint.portal_key = key
