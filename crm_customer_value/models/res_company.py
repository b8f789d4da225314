from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Give each new company a value policy, so that its settings have something to show."""
        companies = super().create(vals_list)
        for company in companies:
            self.env["customer.value.policy"]._get_active(company)
        return companies
