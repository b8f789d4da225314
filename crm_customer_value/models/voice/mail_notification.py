from functools import partial

from odoo import models
from odoo.fields import Domain

from .customer_thread_mixin import is_about_others


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Show customers who write to us nothing of whom that reaches, and who has read it."""
        if self.env.user.share and not (self.env.su or bypass_access):
            domain = Domain(domain)
            threads = self.env["customer.thread.mixin"]._thread_models()
            if not is_about_others(domain, "mail_message_id.model", threads):
                domain &= self._visible_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _visible_domain(self):
        threads = self.env["customer.thread.mixin"]._thread_models()
        return Domain("res_partner_id", "=", self.env.user.partner_id.id) | Domain(
            "mail_message_id", "not any!", [("model", "in", threads)]
        )

    def _check_access(self, operation):
        """Keep the same from those who know the number."""
        result = super()._check_access(operation)
        if self.env.su or not self.env.user.share:
            return result
        allowed = self - result[0] if result else self
        # sudo: what decides is not for customers to read.
        hidden = allowed - self.browse(allowed.sudo().filtered_domain(self._visible_domain()).ids)
        if not hidden:
            return result
        forbidden = (result[0] if result else self.browse()) + hidden
        return forbidden, partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
