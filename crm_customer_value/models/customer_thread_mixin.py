"""What customers may do by themselves to the conversations that are led with them."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import parse_field_expr


class CustomerThreadMixin(models.AbstractModel):
    """A document whose customers read and write messages, with the rights of their own accounts."""

    _name = "customer.thread.mixin"
    _description = "Conversation with a Customer"
    _inherit = ["mail.thread"]

    @api.model
    def _is_inside(self):
        """Tell whether an employee, or the system itself, is asking."""
        return self.env.su or self.env.user._is_internal()

    def message_post(self, **kwargs):
        """Let customers who call this themselves write messages, and nothing else.

        Neither do employees give ratings this way.
        """
        # A program that posts for a customer does so as superuser, and is trusted.
        if self.env.su:
            return super().message_post(**kwargs)
        if self._is_inside():
            kept = {name: value for name, value in kwargs.items() if name not in ("rating_id", "rating_value")}
            return super().message_post(**kept)
        allowed = {name: kwargs[name] for name in ("body", "attachment_ids") if kwargs.get(name)}
        files = self.env["ir.attachment"].browse(map(int, allowed.get("attachment_ids", ())))
        if not files._has_attachments_ownership(None):
            raise AccessError(self.env._("Only files of your own can be sent."))
        return super().message_post(**allowed, message_type="comment", subtype_xmlid="mail.mt_comment")

    def message_notify(self, **kwargs):
        """Keep customers from mailing whomever they like."""
        self._check_inside()
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

    def _notify_thread_with_out_of_office_get_additional_users(self, *args, **kwargs):
        # sudo: it looks at who is responsible, whom a customer who writes may not read.
        return super(CustomerThreadMixin, self.sudo())._notify_thread_with_out_of_office_get_additional_users(
            *args, **kwargs
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let customers group and sum what they may read only.

        The ORM looks at the access of what a related field leads to, and not at the field's own.
        """
        if not self._is_inside() and (field := self._fields.get(parse_field_expr(field_expr)[0])):
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)
