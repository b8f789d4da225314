"""What e-mails carry for those whom they reach: keys of links, and proofs of answers. See customer_thread_link."""

from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Add the keys of links to e-mails that reach the customer alone, and take them out of all others."""
        mails = super().create(vals_list)
        for mail in mails:
            thread = mail.body_html and mail.mail_message_id._customer_thread()
            if thread:
                change = thread._with_keys if thread._is_mail_to_customer(mail) else thread._without_keys
                mail.body_html = change(mail.body_html)
        return mails

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Let e-mails to customers carry what proves their answers."""
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        thread = self.mail_message_id._customer_thread()
        return [thread._prove_outgoing(email) for email in emails] if thread else emails
