"""Employees speak in their own names: nobody puts words into a customer's mouth, nor dates them back."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from .customer_thread_mixin import MESSAGE_TYPES, is_customer_thread

# What says who wrote, when and where, and is never written by hand.
ORIGIN = frozenset((
    "author_id", "author_guest_id", "email_from", "date", "message_type", "model", "res_id", "create_uid",
    "create_date", "message_id", "rating_ids", "rating_value", "incoming_email_to", "incoming_email_cc",
))
WORDS = frozenset(("body", "subject"))


class CustomerThreadMixin(models.AbstractModel):
    _inherit = "customer.thread.mixin"

    @api.model
    def _check_said_by_oneself(self, values):
        """Raise if an employee writes a message with these values in the name of somebody else.

        The company, its teams and its addresses are no customer: in their names employees may write.
        """
        if self.env.su or not self.env.user._is_internal():
            return
        author = self.env["res.partner"].browse(values.get("author_id") or [])
        email = email_normalize(values.get("email_from") or "", strict=False)
        is_nobody = values.get("author_id") is False and not email
        if (
            is_nobody
            or values.get("author_guest_id")
            or (author and not self._is_own_author(author))
            or (email and not self._is_own_address(email))
        ):
            raise AccessError(self.env._(
                "You can only write in your own name. To record what another person said, write a note and name the "
                "person in it."
            ))
        if values.get("message_type", "notification") not in MESSAGE_TYPES:
            raise AccessError(self.env._("Only e-mails can create messages of this kind. Write a message or a note."))
        if any(values.get(name) for name in ("date", "create_date", "create_uid", "rating_ids")):
            raise AccessError(self.env._("You cannot choose the author or the date of a message."))

    @api.model
    def _is_own_author(self, author):
        companies = self.env.user.company_ids
        # sudo: whose address the author has is asked, and told to nobody.
        return (
            author == self.env.user.partner_id
            or author in companies.sudo().partner_id
            or self._is_own_address(author.sudo().email_normalized or "", personal=False)
        )

    @api.model
    def _is_own_address(self, email, personal=True):
        """Tell whether ``email`` (normalized) is the user's, a company's or one that our mail comes in by."""
        # sudo: which addresses are ours is asked, and told to nobody.
        companies = self.env.user.company_ids.sudo()
        own = {email_normalize(company.email or "", strict=False) for company in companies}
        if personal:
            own.add(email_normalize(self.env.user.email or "", strict=False))
        return bool(email) and (email in own or bool(self.env["mail.alias.domain"].sudo()._find_aliases([email])))


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Let employees add messages to conversations with customers in their own names only.

        Customers write by the page, or by message_post, which looks at what they write.
        """
        if not self.env.su:
            defaults = {
                name.removeprefix("default_"): value
                for name, value in self.env.context.items() if name.startswith("default_")
            }
            for vals in vals_list:
                values = {**defaults, **vals}
                if is_customer_thread(self.env, values.get("model")):
                    self.env[values["model"]]._check_inside()
                    self.env[values["model"]]._check_said_by_oneself(values)
        return super().create(vals_list)

    def write(self, vals):
        """Let nobody rewrite who said what and when in a conversation with a customer."""
        if not self.env.su and (ORIGIN | WORDS) & vals.keys():
            self._check_rewriting(vals)
        return super().write(vals)

    def _check_rewriting(self, vals):
        # Customers change their words on the page, which looks at what they write.
        is_inside = self.env.user._is_internal()
        # sudo: what decides need not be readable to who writes.
        for message in self.sudo():
            model = is_customer_thread(self.env, vals.get("model")) or is_customer_thread(self.env, message.model)
            is_own = is_inside and message.author_id == self.env.user.partner_id
            if model and (ORIGIN & vals.keys() or not is_own):
                raise AccessError(self.env._(
                    "You cannot edit messages to or from customers. You can edit only your own."
                ))


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, force_send=False, raise_exception=False, email_values=None,
                        email_layout_xmlid=False):
        """Send to and about customers in one's own name, and from the record the template is for."""
        if is_customer_thread(self.env, self.model) and not self.env.su:
            values = email_values or {}
            if {"model", "res_id", "mail_message_id"} & values.keys():
                raise AccessError(self.env._("An e-mail belongs to the document it is made from."))
            thread = self.env[self.model]
            thread._check_said_by_oneself({"message_type": "comment", **values})
            for email in self._render_field("email_from", res_ids).values():
                thread._check_said_by_oneself({"email_from": values.get("email_from") or email})
        return super().send_mail_batch(
            res_ids, force_send=force_send, raise_exception=raise_exception, email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what could not be posted later, when it is written."""
        messages = super().create(vals_list)
        messages._check_said_by_oneself()
        return messages

    def write(self, vals):
        result = super().write(vals)
        self._check_said_by_oneself()
        return result

    def _check_said_by_oneself(self):
        for message in self:
            if is_customer_thread(self.env, message.model):
                self.env[message.model]._check_said_by_oneself({"author_id": message.author_id.id})
