"""The keys in the links that customers get: who sees them, and when they are void.

Whoever has such a link speaks as the customer. So employees never see its key: neither on the
record, nor in what they send, nor in the copy of an e-mail that the conversation keeps: an empty
``access_token=`` is all that stays of it. It is filled in when an e-mail is made for the customer's
own address: see mail_mail.
"""

import re

from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all

# What opens a document, or makes whoever opens it somebody, in the address of a page.
KEYS = frozenset(("access_token", "token", "hash", "pid", "auth_signup_token", "signup_token"))
LINK = re.compile(r"""(?P<path>/my/[\w-]+/\d+(?:/[\w-]+)?|/mail/view)\?(?P<query>[^"'<>\s]*)""")
RATING_LINK = re.compile(r"""(/rate/)[^/"'<>\s]+""")


class CustomerThreadMixin(models.AbstractModel):
    _inherit = "customer.thread.mixin"

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
            if family and thread.email_cc:
                thread.email_cc = thread._keep_family_copied(thread.email_cc, thread.commercial_partner_id)[0]

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
