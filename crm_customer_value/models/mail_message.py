from odoo import api, models
from odoo.fields import Domain


class MailMessage(models.Model):
    _inherit = "mail.message"

    # Documents whose customers read what is written to them, and never what is written about them.
    _customer_threads = ("customer.complaint", "customer.suggestion")

    def _get_forbidden_access(self, operation):
        """Keep notes from customers, whatever their type, and even when they know the number.

        Messages that are not of type "comment", such as those a program logs, are hidden from
        customers by searches only: a read by number would find them.
        """
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden
        return forbidden + (self - forbidden)._hidden_from_customers()

    def _hidden_from_customers(self):
        """Return those of ``self`` that are about customers, or that another customer wrote."""
        # sudo: what decides is not for customers to read.
        messages = self.sudo()
        messages.fetch(["model", "res_id"])
        messages = messages.filtered(lambda message: message.model in self._customer_threads)
        hidden = self.browse()
        for model, group in messages.grouped("model").items():
            threads = group.env[model].browse(set(group.mapped("res_id"))).exists()
            domain = threads._customer_message_domain() & Domain("id", "in", group.ids)
            hidden += self.browse((group - group.search(domain)).ids)
        return hidden

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Let customers find what they may read only: a search for words would tell who used them."""
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if bypass_access or self.env.su or self.env.user._is_internal():
            return query
        # Odoo has looked at the rights of each message already: few are left.
        hidden = self.browse(query)._hidden_from_customers()
        if not hidden:
            return query
        # Anew, so that neither a limit nor an offset tells of what is hidden.
        return self._search(Domain(domain) & Domain("id", "not in", hidden.ids), offset, limit, order, **kwargs)
