"""What a suggestion means for the value of its customer: adopted ones count in loyalty."""

from odoo import api, models


class CustomerSuggestion(models.Model):
    _inherit = "customer.suggestion"

    _customer_value_fields = frozenset(
        ("partner_id", "company_id", "merged_into_id", "stage_id", "date_implemented")
    )

    @api.model_create_multi
    def create(self, vals_list):
        suggestions = super().create(vals_list)
        suggestions._mark_customers()
        return suggestions

    def write(self, vals):
        if not self._customer_value_fields & vals.keys():
            return super().write(vals)
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Note who proposed something that is adopted, or is no longer, directly or by a merge."""
        # sudo: whoever changes one marks the customers behind it, whatever they may read.
        concerned = family = self.sudo().with_context(active_test=False)
        while family := family.search([("merged_into_id", "in", family.ids)]) - concerned:
            concerned |= family
        ahead = concerned
        while further := ahead.merged_into_id - ahead:
            ahead |= further
        if "implemented" not in ahead.mapped("state"):
            return
        for company, suggestions in concerned.grouped("company_id").items():
            self.env["customer.value.mark"]._mark(suggestions.commercial_partner_id, company)
