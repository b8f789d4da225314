"""Links of the portal are void when a contact goes over to another customer."""

from contextlib import contextmanager

from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Make the links of contacts void that belong to another company from now on."""
        if not {"parent_id", "is_company"} & vals.keys():
            return super().write(vals)
        with self._follow_families():
            return super().write(vals)

    def unlink(self):
        """Make the links of contacts void whose company is gone."""
        with self._follow_families():
            return super().unlink()

    @api.private
    def signup_get_auth_param(self):
        """Tell no client the token by which an account of a contact is made.

        Odoo tells it to every employee, who could sign up as a customer of somebody else, and read and say what
        the customer may. Programs put it into e-mails to the contact.
        """
        return super().signup_get_auth_param()

    @contextmanager
    def _follow_families(self):
        """Cut the ties of complaints, suggestions and the like whose customer changes within.

        :yield: nothing
        """
        # sudo: whoever changes contacts need not have rights on what their customers told us.
        partners = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        families = {partner: partner.commercial_partner_id for partner in partners}
        yield
        moved = partners.exists().filtered(lambda partner: partner.commercial_partner_id != families[partner])
        if moved:
            moved._customer_follow_move(families)

    def _customer_follow_move(self, families):
        """Bring what belongs to these contacts, as superuser, in line with the customer they belong to now.

        :param dict families: {contact: the customer it belonged to before}
        """
        for model in self.env["customer.thread.mixin"]._thread_models():
            threads = self.env[model].with_context(active_test=False).search([("partner_id", "in", self.ids)])
            threads._leave_families({thread: families[thread.partner_id] for thread in threads})
