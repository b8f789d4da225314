"""Employees speak in their own names: nobody puts words into a customer's mouth, nor dates them back."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

AUTHOR = "customer.author.mixin"
# What a message of an employee may be. E-mails come from the mail gateway, which is the system.
MESSAGE_TYPES = frozenset(("comment", "notification", "auto_comment", "user_notification"))


def is_about_customers(env, model):
    """Tell whether ``model`` (a name, or nothing) is one whose messages say what customers said."""
    return bool(model) and model in env and isinstance(env[model], env.registry[AUTHOR])


class CustomerAuthorMixin(models.AbstractModel):
    """A record whose messages say what a customer said and did, so that nobody writes them as somebody else.

    Every message is asked about when it is created: see mail_message.
    """

    _name = "customer.author.mixin"
    _description = "Record with Words of Customers"
    _inherit = ["mail.thread"]

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
