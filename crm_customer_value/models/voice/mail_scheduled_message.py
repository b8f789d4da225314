from odoo import api, models

from .customer_thread_author import is_about_customers


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
            if is_about_customers(self.env, message.model):
                self.env[message.model]._check_said_by_oneself({"author_id": message.author_id.id})
