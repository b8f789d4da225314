from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_new_complaint(self):
        """Write down a complaint of the customer of this opportunity."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.complaint"]._action_new(self.partner_id, self.company_id or self.env.company)
