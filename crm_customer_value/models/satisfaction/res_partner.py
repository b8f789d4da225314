from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_new_complaint(self):
        """Write down a complaint of this contact."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.complaint"]._action_new(self, self.env.company)
