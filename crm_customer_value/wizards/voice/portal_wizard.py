from odoo import models
from odoo.exceptions import AccessError

from ...models.voice.customer_thread_mixin import is_customer_thread


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        """Let nobody open the complaints of somebody else's customer to an account with an address of their own."""
        if self.partner_id._is_takeover_checked():
            # sudo: whose customer somebody is counts, whoever may read the contacts of the family.
            self.partner_id.sudo().commercial_partner_id._check_takeover()
        return super().action_grant_access()


class PortalShare(models.TransientModel):
    _inherit = "portal.share"

    def action_send_mail(self):
        """Send the link to a customer's document: it opens for the customer's own people, for others after signing in.

        No link of ours gives an account to whoever shares a document, who speaks as the customer then.
        """
        if is_customer_thread(self.env, self.res_model):
            self._send_public_link()
            return {"type": "ir.actions.act_window_close"}
        return super().action_send_mail()

    def _send_signup_link(self, partners=None):
        """Show nobody the link by which a contact of somebody else's customer gets an account.

        It stands in the note about the e-mail, which whoever shares the document reads. Those contacts get a link to
        the document alone.
        """
        if partners is None:
            partners = self.partner_ids.filtered(lambda partner: not partner.user_ids)
        others = partners.filtered(lambda partner: not self._may_invite(partner))
        if others:
            self._send_public_link(others)
        return super()._send_signup_link(partners - others)

    def _may_invite(self, partner):
        """Tell whether the user may give an account to a contact: see action_grant_access."""
        if not partner._is_takeover_checked():
            return True
        try:
            # sudo: as above.
            partner.sudo().commercial_partner_id._check_takeover()
        except AccessError:
            return False
        return True
