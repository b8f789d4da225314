from odoo import models


class CustomerContactWizard(models.TransientModel):
    _inherit = "customer.contact.wizard"

    def action_log(self):
        """Go on with the day where the contact was logged from the form of an action."""
        result = super().action_log()
        return self.env["customer.next.action"]._action_next() or result
