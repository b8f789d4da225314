import codecs

from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Read mails in encodings that nobody knows too, rather than losing them."""
        for part in message.walk():
            charset = part.get_content_charset()
            if charset and not self._is_charset(charset):
                part.set_param("charset", self._guess_charset(part.get_payload(decode=True) or b""))
        return super().message_parse(message, save_original=save_original)

    @api.model
    def _is_charset(self, name):
        try:
            codecs.lookup(name)
        except LookupError:
            return False
        return True

    @api.model
    def _guess_charset(self, content):
        try:
            content.decode()
        except UnicodeDecodeError:
            return "windows-1252"
        return "utf-8"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Let complaints decide which of their e-mails to take, and where to put them."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if any(route[0] == "customer.complaint" for route in routes):
            return self.env["customer.complaint"]._filter_mail_routes(message, message_dict, routes)
        return routes
