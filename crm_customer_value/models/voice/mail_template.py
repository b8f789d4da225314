from odoo import models
from odoo.exceptions import AccessError

from .customer_thread_mixin import is_customer_thread


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
