"""The keys in the links that customers get: who sees them, and when they are void.

Whoever has such a link speaks as the customer. So employees never see its key: neither on the
record, nor in what they send, nor in the copy of an e-mail that the conversation keeps: an empty
``access_token=`` is all that stays of it. It is filled in when an e-mail is made for the customer's
own address: see mail_mail.
"""

import logging
import re
from email.message import EmailMessage

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all

from .customer_thread_mixin import MARK
from .mail_as_file import clean_mail_file

_logger = logging.getLogger(__name__)

# What opens a document, or makes whoever opens it somebody, in the address of a page.
KEYS = frozenset(("access_token", "token", "hash", "pid", "auth_signup_token", "signup_token"))
LINK = re.compile(r"""(?P<path>/my/[\w-]+/\d+(?:/[\w-]+)?|/mail/view)\?(?P<query>[^"'<>\s]*)""")
# So many of the conversations that a text quotes are looked at one by one.
MAX_QUOTED = 20
RATING_LINK = re.compile(r"""(/rate/)[^/"'<>\s]+""")


class CustomerThreadMixin(models.AbstractModel):
    _inherit = "customer.thread.mixin"

    customer_since = fields.Datetime(
        groups=fields.NO_ACCESS, copy=False,
        help="When this was assigned to the customer. Empty: it never belonged to another customer.",
    )

    @api.model
    def _may_hold_key(self):
        """Tell whether the link's key may be told to whoever asks: customers and the system, no employee."""
        return self.env.su or not self.env.user._is_internal()

    def _has_field_access(self, field, operation):
        """Keep the key of the link from employees."""
        if field.name == "access_token" and not self.env.su and (
            operation == "write" or not self._may_hold_key()
        ):
            return False
        return super()._has_field_access(field, operation)

    def _portal_ensure_token(self):
        """Make the link's key; return it to those who may hold it, and an empty text to employees."""
        may_hold = self._may_hold_key()
        if may_hold:
            # Whoever is signed in may call get_portal_url, of any document.
            self.check_access("read")
        # sudo: employees may not read the key, which is made all the same.
        token = super(CustomerThreadMixin, self.sudo())._portal_ensure_token()
        return token if may_hold else ""

    def get_portal_url(self, suffix=None, report_type=None, download=None, query_string=None, anchor=None):
        """Return the address of the page; for employees, with an empty place for the key that opens it."""
        url = super().get_portal_url(
            suffix=suffix, report_type=report_type, download=download, query_string=query_string, anchor=anchor
        )
        return url if self._may_hold_key() else self._without_keys(url)

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """Let employees share the address of the page, and no link that speaks as the customer.

        In an e-mail to a contact, the page has a place for the key: see _with_keys.
        """
        if not self._may_hold_key():
            if pid:
                return self.get_portal_url()
            signup_partner, share_token = False, False
        return super()._get_share_url(
            redirect=redirect, signup_partner=signup_partner, pid=pid, share_token=share_token
        )

    def _sign_token(self, pid):
        # sudo: it is signed for an e-mail to the customer, whoever writes; employees may not read the key.
        return super(CustomerThreadMixin, self.sudo())._sign_token(pid)

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """Open conversations to employees by their own rights only, and by no link that is void."""
        # sudo: only whether there is a key is looked at.
        if self.env.user._is_internal() or not self.sudo().browse(thread_id).exists().access_token:
            kwargs = {name: value for name, value in kwargs.items() if name not in ("hash", "pid", "token")}
        return super()._get_thread_with_access(thread_id, mode=mode, **kwargs)

    # Keys in texts

    def _without_keys(self, html):
        """Return a text in which no link opens a conversation with a customer any more (one record)."""
        pages = self.access_url.rpartition("/")[0] + "/"

        def strip(match):
            path, query = match["path"], match["query"]
            if path != "/mail/view" and not path.startswith(pages):
                return match[0]
            if path == "/mail/view" and f"model={self._name}" not in query:
                return match[0]
            joint = "&amp;" if "&amp;" in query else "&"
            query, mark, anchor = query.partition("#")
            parts = re.split("&(?:amp;)*", query)
            kept = [part for part in parts if part and part.partition("=")[0] not in KEYS]
            if path != "/mail/view" and len(kept) < len(parts):
                kept.append("access_token=")
            return f"{path}{'?' if kept else ''}{joint.join(kept)}{mark}{anchor}"

        text = LINK.sub(strip, str(html))
        text = RATING_LINK.sub(r"\1", text)
        # sudo: the key, wherever else it stands, such as in an address that a mail server has wrapped up.
        if (token := self.sudo().access_token) and token in text:
            text = text.replace(token, "")
        return Markup(text) if isinstance(html, Markup) else text

    @api.model
    def _without_any_keys(self, text, known):
        """Return a text without the keys of conversations with customers, whichever it quotes.

        :param known: a document that the text is about, or none
        """
        # sudo: the keys that are taken out are nobody's to read.
        for name in self._thread_models():
            threads = self.env[name].sudo()
            pages = re.escape(threads.new().access_url.rpartition("/")[0])
            quoted = {int(number) for number in re.findall(rf"{pages}/(\d{{1,9}})(?!\d)", text)}
            if name == known._name:
                quoted.update(known.ids)
            # One without a number takes the keys out of all that looks like a link.
            for thread in [threads.new(), *threads.browse(sorted(quoted)[:MAX_QUOTED]).exists()]:
                text = thread._without_keys(text)
        return text

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        """Keep no key in files that are texts or e-mails: the original of this one, and what it passes on."""
        kept = [file for file in map(self._without_keys_in_file, attachments or ()) if file]
        return super()._process_attachments_for_post(kept, attachment_ids, message_values)

    def _without_keys_in_file(self, file):
        """Return a file, as given to message_post, without keys if it is a text or an e-mail, or None if that fails."""
        name, content, *info = file

        def clean(text):
            return self._without_any_keys(MARK.sub("", text), self)

        if not isinstance(content, EmailMessage) and not (content and name.lower().endswith(".eml")):
            return (name, clean(content), *info) if isinstance(content, str) else file
        try:
            return (name, clean_mail_file(content, clean), *info)
        except Exception:
            # What programs write into e-mails may be readable, and still no e-mail that can be written again.
            _logger.info("An e-mail is not kept as a file: its keys cannot be taken out", exc_info=True)
            return None

    def _with_keys(self, html):
        """Return an e-mail to the customer in which links with a place for the key have it (one record)."""
        if "access_token=" not in html:
            return html
        # sudo: the e-mail is made for the customer.
        token = self.sudo()._portal_ensure_token()
        place = re.compile(
            rf"""(href=["'](?:{re.escape(self.get_base_url())})?{re.escape(self.access_url)}(?:/[\w-]+)?\?"""
            r"""(?:[^"'#]*?[&;])?access_token=)(?=["'#&])"""
        )
        text = place.sub(rf"\g<1>{token}", str(html))
        return Markup(text) if isinstance(html, Markup) else text

    def _is_mail_to_customer(self, mail):
        """Tell whether ``mail`` reaches nobody but the customer's own people (one record)."""
        emails = email_normalize_all(f"{mail.email_to or ''},{mail.email_cc or ''}")
        family, partners = self.commercial_partner_id, mail.recipient_ids
        name = self._mail_get_primary_email_field()
        own = name and email_normalize(self[name] or "", strict=False)
        return bool(partners or emails) and all(
            partner.partner_share and partner.commercial_partner_id == family for partner in partners
        ) and all(own and email == own for email in emails)

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Notify by a text without keys: those who follow are colleagues too."""
        if self and msg_vals and msg_vals.get("body"):
            msg_vals = {**msg_vals, "body": self._without_keys(msg_vals["body"])}
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        """Keep no key in what a customer tells, who quotes an e-mail of ours."""
        threads = super().create(vals_list)
        threads._clean_description()
        return threads

    def _clean_description(self):
        if "description" not in self._fields:
            return
        # sudo: the keys to be taken out are not for whoever writes.
        for thread in self.sudo():
            if thread.description and (text := thread._without_keys(thread.description)) != thread.description:
                thread.description = text

    # When links are void

    def write(self, vals):
        """Make links void when a document turns out to be another customer's."""
        # sudo: whose it is and was is asked, and told to nobody.
        families = {thread: thread.sudo().commercial_partner_id for thread in self} if "partner_id" in vals else None
        name = self._mail_get_primary_email_field()
        senders = {thread: thread._sender_address(name) for thread in self} if name in vals else {}
        result = super().write(vals)
        if families:
            self._leave_families(families)
        for thread, address in senders.items():
            # Somebody without a contact is known by the address alone.
            if address and not thread.sudo().commercial_partner_id and thread._sender_address(name) != address:
                thread._void_links()
        return result

    def _sender_address(self, name):
        """Return the address, normalized, in the field of that name (one record)."""
        # sudo: it is compared, and told to nobody.
        return email_normalize(self.sudo()[name] or "", strict=False)

    def _leave_families(self, families):
        """Cut the ties of those documents that belong to another customer than they did.

        :param families: {document: commercial partner before}
        """
        # sudo: links and followers are nobody's to write by hand.
        for thread in self.sudo():
            family = families[thread]
            if thread.commercial_partner_id == family:
                continue
            thread._void_links()
            # Who read along for the customer of before would be mailed what the next one is told.
            left = thread.message_partner_ids.filtered(
                lambda partner, family=family: partner.partner_share and partner.commercial_partner_id == family
            )
            if family and left:
                thread.message_unsubscribe(left.ids)
            if family:
                thread.customer_since = fields.Datetime.now()
            if family and thread.email_cc:
                thread.email_cc = thread._keep_family_copied(thread.email_cc, thread.commercial_partner_id)[0]

    def _sort_suggested_messages(self, messages):
        """Suggest nobody to write to who took part when this was another customer's."""
        threads = self.sudo().grouped("id")
        return super()._sort_suggested_messages(messages.filtered(
            lambda message: message.res_id not in threads
            or not threads[message.res_id].customer_since
            or message.date > threads[message.res_id].customer_since
        ))

    def _void_links(self):
        """Make all links to these documents void, and the marks of the forms that led to them.

        Whoever had one has shown no right to what is said from now on. The next e-mail to the
        customer brings a new link.
        """
        names = [name for name in ("access_token", "portal_key") if name in self._fields]
        # sudo: the link is nobody's to write.
        held = self.sudo().filtered(lambda thread: any(thread[name] for name in names))
        held.write(dict.fromkeys(names, False))

    @api.model
    def _thread_models(self):
        """Return the names of all models with conversations that customers take part in."""
        names = self.env.registry.descendants(["customer.thread.mixin"], "_inherit")
        return [name for name in names if not self.env[name]._abstract]
