from odoo import models


class CustomerSuggestionStage(models.Model):
    _inherit = "customer.suggestion.stage"

    def write(self, vals):
        """Mark the customers whose suggestions are adopted, or not, because a stage means something else now."""
        suggestions = self.env["customer.suggestion"]
        if "state" in vals:
            # sudo: also of companies that whoever sets up stages does not work for.
            suggestions = suggestions.sudo().with_context(active_test=False).search([("stage_id", "in", self.ids)])
        suggestions._mark_customers()
        result = super().write(vals)
        suggestions._mark_customers()
        return result
