"""Keys of links: out of what conversations keep, into what customers are sent. See customer_thread_link."""

from odoo import api, models

from .customer_thread_mixin import is_customer_thread

TEXTS = ("body", "subject")


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep no key of a link in a conversation with a customer: employees read it."""
        kept = []
        for vals in vals_list:
            if vals.get("res_id") and is_customer_thread(self.env, vals.get("model")):
                # sudo: the keys to be taken out are not for the author to read.
                thread = self.env[vals["model"]].sudo().browse(vals["res_id"]).exists()
                vals = self._without_keys(vals, thread)
            kept.append(vals)
        return super().create(kept)

    def write(self, vals):
        """Keep no key of a link that is written into a message later either."""
        if any(vals.get(name) for name in TEXTS):
            for thread in {message._customer_thread() for message in self}:
                vals = self._without_keys(vals, thread)
        return super().write(vals)

    @api.model
    def _without_keys(self, vals, thread):
        """Return values of a message in whose texts no key of ``thread`` (a record, or none) stands."""
        texts = {name: thread._without_keys(vals[name]) for name in TEXTS if thread and vals.get(name)}
        return {**vals, **texts}


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
