from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        """Let nobody open the complaints of somebody else's customer to an account with an address of their own."""
        if self.partner_id._is_takeover_checked():
            # sudo: whose customer somebody is counts, whoever may read the contacts of the family.
            self.partner_id.sudo().commercial_partner_id._check_takeover()
        return super().action_grant_access()
