import re

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from .customer_thread_author import is_about_customers
from .customer_thread_mixin import MAX_REACTIONS, is_about_others, is_customer_thread

# One picture: a symbol, maybe with a skin colour, several of them joined into one, a flag or a keycap.
SYMBOL = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f004-\U0001f1e5\U0001f200-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
)
EMOJI = re.compile(
    rf"(?:{SYMBOL}(?:[\U000e0020-\U000e007e]{{1,6}}\U000e007f)?(?:\u200d{SYMBOL}){{0,4}}"
    r"|[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3)"
)
# What says who wrote, when and where, and is never written by hand.
ORIGIN = frozenset((
    "author_id", "author_guest_id", "email_from", "date", "message_type", "model", "res_id", "create_uid",
    "create_date", "message_id", "rating_ids", "rating_value", "incoming_email_to", "incoming_email_cc",
))
WORDS = frozenset(("body", "subject"))


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep no key of a link in a conversation with a customer, and let employees speak in their own names only.

        Employees read the conversation. Customers write by the page, or by message_post, which looks at what they
        write.
        """
        kept = []
        for vals in vals_list:
            if vals.get("res_id") and is_customer_thread(self.env, vals.get("model")):
                # sudo: the keys to be taken out are not for the author to read.
                thread = self.env[vals["model"]].sudo().browse(vals["res_id"]).exists()
                vals = self._without_keys(vals, thread)
            kept.append(vals)
        if not self.env.su:
            defaults = {
                name.removeprefix("default_"): value
                for name, value in self.env.context.items() if name.startswith("default_")
            }
            for vals in kept:
                values = {**defaults, **vals}
                if is_customer_thread(self.env, values.get("model")):
                    self.env[values["model"]]._check_inside()
                if is_about_customers(self.env, values.get("model")):
                    self.env[values["model"]]._check_said_by_oneself(values)
        return super().create(kept)

    def write(self, vals):
        """Let nobody rewrite who said what and when, and keep no key that is written in later either."""
        if any(vals.get(name) for name in WORDS):
            for thread in {message._customer_thread() for message in self}:
                vals = self._without_keys(vals, thread)
        if not self.env.su and (ORIGIN | WORDS) & vals.keys():
            self._check_rewriting(vals)
        return super().write(vals)

    @api.model
    def _without_keys(self, vals, thread):
        """Return values of a message in whose texts no key of ``thread`` (a record, or none) stands."""
        texts = {name: thread._without_keys(vals[name]) for name in WORDS if thread and vals.get(name)}
        return {**vals, **texts}

    def _check_rewriting(self, vals):
        # Customers change their words on the page, which looks at what they write.
        is_inside = self.env.user._is_internal()
        # sudo: what decides need not be readable to who writes.
        for message in self.sudo():
            model = is_about_customers(self.env, vals.get("model")) or is_about_customers(self.env, message.model)
            is_own = is_inside and message.author_id == self.env.user.partner_id
            if model and (ORIGIN & vals.keys() or not is_own):
                raise AccessError(self.env._(
                    "You cannot edit messages to or from customers. You can edit only your own."
                ))

    def _customer_thread(self):
        """Return the document with customers' conversation that this message (one) belongs to, if any."""
        # sudo: where a message belongs is no secret to the program.
        message = self.sudo()
        if message.res_id and is_customer_thread(self.env, message.model):
            return message.env[message.model].browse(message.res_id).exists()
        return message.env["mail.thread"]

    def _get_forbidden_access(self, operation):
        """Keep notes from customers, whatever their type, and even when they know the number.

        Messages that are not of type "comment", such as those a program logs, are hidden from
        customers by searches only: a read by number would find them.
        """
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden
        return forbidden + (self - forbidden)._hidden_from_customers()

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Let whoever has but a link do to messages what those may do who are signed in, and no more.

        What is hidden from them answers like what does not exist.
        """
        message = super()._get_with_access(message_id, mode=mode, **kwargs)
        if message and not self.env.user._is_internal():
            message -= message._hidden_from_customers()
        return message

    def _hidden_from_customers(self):
        """Return those of ``self`` that are about customers, or that another customer wrote."""
        # sudo: what decides is not for customers to read.
        messages = self.sudo()
        messages.fetch(["model", "res_id"])
        messages = messages.filtered(lambda message: is_customer_thread(self.env, message.model))
        hidden = self.browse()
        for model, group in messages.grouped("model").items():
            threads = group.env[model].browse(set(group.mapped("res_id"))).exists()
            domain = threads._customer_message_domain() & Domain("id", "in", group.ids)
            hidden += self.browse((group - group.search(domain)).ids)
        return hidden

    def _message_reaction(self, content, action, partner, guest, store=None):
        """Take one picture as a reaction to what is said with customers, and not many of one person."""
        if action != "remove" and self._customer_thread():
            if not EMOJI.fullmatch(str(content or "")):
                raise ValidationError(self.env._("Choose one emoji. For words, write a message."))
            given = self.reaction_ids.filtered(
                lambda reaction: reaction.partner_id == partner and reaction.guest_id == guest
            )
            if len(given) >= MAX_REACTIONS and content not in given.mapped("content"):
                raise ValidationError(self.env._(
                    "You have reacted to this message %(number)s times. Take a reaction back before you add another.",
                    number=MAX_REACTIONS,
                ))
        return super()._message_reaction(content, action, partner, guest, store)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Let customers find what they may read only: a search for words would tell who used them."""
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if bypass_access or self.env.su or self.env.user._is_internal():
            return query
        if is_about_others(Domain(domain), "model", self.env["customer.thread.mixin"]._thread_models()):
            return query
        # Odoo has looked at the rights of each message already: few are left.
        hidden = self.browse(query)._hidden_from_customers()
        if not hidden:
            return query
        # Anew, so that neither a limit nor an offset tells of what is hidden.
        return self._search(Domain(domain) & Domain("id", "not in", hidden.ids), offset, limit, order, **kwargs)
