"""Who sees by whom conversations with customers are followed."""

from functools import partial

from odoo import models
from odoo.fields import Domain

from .customer_thread_mixin import is_about_others


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Show followers to whoever may read what they follow: Odoo shows them to all employees."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            if not is_about_others(domain, "res_model", self.env["customer.thread.mixin"]._thread_models()):
                domain &= self._readable_threads_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _readable_threads_domain(self):
        names = self.env["customer.thread.mixin"]._thread_models()
        readable = Domain("res_model", "not in", names)
        for name in names:
            threads = self.env[name].with_context(active_test=False)
            if threads.has_access("read"):
                readable |= Domain("res_model", "=", name) & Domain("res_id", "in", threads._search([]))
        return readable

    def _check_access(self, operation):
        """Keep the same from those who know the number."""
        result = super()._check_access(operation)
        if self.env.su:
            return result
        refused = result[0] if result else self.browse()
        # sudo: what is followed is not for those to read who may not read the follower.
        followers = (self - refused).sudo().filtered("id")
        hidden = self.browse()
        for name in self.env["customer.thread.mixin"]._thread_models():
            followed = followers.filtered(lambda follower, name=name: follower.res_model == name)
            threads = self.env[name].browse(set(followed.mapped("res_id"))).exists()
            readable = set(threads._filtered_access("read").ids)
            hidden += self.browse([follower.id for follower in followed if follower.res_id not in readable])
        if not hidden:
            return result
        forbidden = refused + hidden
        return forbidden, partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
