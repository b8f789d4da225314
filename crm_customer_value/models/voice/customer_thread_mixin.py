"""What customers may do by themselves to the conversations that are led with them."""

import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain, parse_field_expr
from odoo.tools import OrderedSet

THREAD = "customer.thread.mixin"
# How many different reactions one person may give to one message.
MAX_REACTIONS = 10
# What proves an answer: see customer_thread_gateway.
MARK_HOST = "answer.customer-value.invalid"
MARK_LENGTH = 32
MARK = re.compile(rf"<[0-9a-f]{{{MARK_LENGTH}}}@{re.escape(MARK_HOST)}>\s*")


def is_customer_thread(env, model):
    """Tell whether ``model`` (a name, or nothing) is one whose customers take part in the conversations."""
    return bool(model) and model in env and isinstance(env[model], env.registry[THREAD])


def is_about_others(domain, field, models):
    """Tell whether a domain finds nothing that belongs to one of ``models``, as it names others.

    What searches for messages, followers or ratings of another model stays as Odoo has it.

    :param domain: a Domain
    :param field: the field, as in conditions, that holds the name of the model
    :param models: the names of the models
    """
    def of_models(condition):
        if condition.field_expr != field:
            return condition
        # As Odoo reads it: several values after "=" are as after "in".
        several = isinstance(condition.value, (list, tuple, set, frozenset, OrderedSet))
        if condition.operator not in ("=", "in") or (condition.operator == "in" and not several):
            return condition
        named = condition.value if several else [condition.value]
        if not all(name is False or isinstance(name, str) for name in named):
            return condition
        return condition if set(models).intersection(named) else Domain.FALSE

    return domain.map_conditions(of_models).is_false()


class CustomerThreadMixin(models.AbstractModel):
    """A document whose customers read and write messages, with the rights of their own accounts."""

    _name = "customer.thread.mixin"
    _description = "Conversation with a Customer"
    _inherit = ["portal.mixin", "customer.author.mixin"]

    @api.model
    def _is_inside(self):
        """Tell whether an employee, or the system itself, is asking."""
        return self.env.su or self.env.user._is_internal()

    def message_post(self, **kwargs):
        """Let customers who call this themselves write messages, and nothing else.

        Employees write in their own names, and give no ratings this way.
        """
        # A program that posts for a customer does so as superuser, and is trusted.
        if self.env.su:
            return super().message_post(**kwargs)
        if self._is_inside():
            kept = {name: value for name, value in kwargs.items() if name not in ("rating_id", "rating_value")}
            self._check_said_by_oneself(kept)
            return super().message_post(**kept)
        allowed = {name: kwargs[name] for name in ("body", "attachment_ids") if kwargs.get(name)}
        files = self.env["ir.attachment"].browse(map(int, allowed.get("attachment_ids", ())))
        if not files._has_attachments_ownership(None):
            raise AccessError(self.env._("You can only send your own files."))
        # Who may not read this conversation uses up nobody's room.
        self.check_access("read")
        self.env["customer.voice.flood"]._check_room(("account_post", str(self.env.uid)))
        # sudo: customers add no messages but by this method; what they may say was read name by name.
        message = super(CustomerThreadMixin, self.sudo()).message_post(
            **allowed, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        return message.with_env(self.env)

    def message_notify(self, **kwargs):
        """Keep customers from mailing whomever they like, and employees from doing so as somebody else."""
        self._check_inside()
        self._check_said_by_oneself(kwargs)
        return super().message_notify(**kwargs)

    def message_post_with_source(self, source_ref, **kwargs):
        """Keep customers from sending what is not their own words."""
        self._check_inside()
        return super().message_post_with_source(source_ref, **kwargs)

    def message_mail_with_source(self, source_ref, **kwargs):
        """Keep customers from mailing at all."""
        self._check_inside()
        return super().message_mail_with_source(source_ref, **kwargs)

    @api.model
    def _check_inside(self):
        if not self._is_inside():
            raise AccessError(self.env._("Only employees may do this. Write a message instead."))

    def _message_get_suggested_recipients(
        self, reply_discussion=False, reply_message=None, no_create=True, primary_email=False,
        additional_partners=None,
    ):
        """Tell customers nothing of who else takes part in a conversation."""
        if not self.env.user._is_internal():
            return []
        return super()._message_get_suggested_recipients(
            reply_discussion=reply_discussion, reply_message=reply_message, no_create=no_create,
            primary_email=primary_email, additional_partners=additional_partners,
        )

    # What the mail gateway and the portal's pages ask. Extension points.

    @api.model
    def _filter_mail_routes(self, message, message_dict, routes):
        """Return those of ``routes`` to take; some of them lead to this model.

        :param message: the email.message.EmailMessage
        :param message_dict: what Odoo read of it
        :param routes: as in message_route; those of other models are kept as they are
        """
        return routes

    @api.model
    def _hold_routes(self, message, message_dict, routes, reason, sign):
        """Show people an e-mail to this model that was not taken, and why."""

    @api.model
    def _hold_bounce(self, message, message_dict):
        """Show people an e-mail that came back, if it came to an address of this model."""

    def _take_portal_answer(self, message=None):
        """Go on after a customer has written on the page (one record).

        :param message: the mail.message; without it, what was written last
        """

    def _customer_message_domain(self):
        """Return the domain of the messages of these records that their customers may read."""
        share = self.env["mail.message"]._get_search_domain_share()
        return share & Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Tell customers nothing of activities, followers, scheduled messages and files of notes.

        Whoever has but a link is served as superuser here: it is the user who counts.
        """
        if request_list and not self.env.user._is_internal():
            request_list = []
        return super()._thread_to_store(store, fields, request_list=request_list)

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        # sudo: it looks at who is responsible, whom a customer who writes may not read, and answers as them.
        return super(CustomerThreadMixin, self.sudo())._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let customers group and sum what they may read only.

        The ORM looks at the access of what a related field leads to, and not at the field's own.
        """
        if not self._is_inside() and (field := self._fields.get(parse_field_expr(field_expr)[0])):
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)
