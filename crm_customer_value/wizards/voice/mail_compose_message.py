from odoo import models

from ...models.voice.customer_thread_mixin import is_customer_thread


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Send to and about customers in one's own name only."""
        values = super()._prepare_mail_values(res_ids)
        if is_customer_thread(self.env, self.model):
            for message in values.values():
                # The composer calls its mails what they are; nobody else may.
                kept = {name: value for name, value in message.items() if name != "message_type"}
                self.env[self.model]._check_said_by_oneself(kept)
        return values
