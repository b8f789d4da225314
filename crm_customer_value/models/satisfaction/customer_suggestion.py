"""What a suggestion means for the value of its customer: adopted ones count in loyalty."""

from odoo import models


class CustomerSuggestion(models.Model):
    _name = "customer.suggestion"
    _inherit = ["customer.suggestion", "customer.value.source"]

    _value_reads = frozenset(("partner_id", "company_id", "merged_into_id", "date_implemented"))
    _value_marks = frozenset(("stage_id",))
    _value_silent = {
        "commercial_partner_id": "follows from the contact",
        "state": "follows from the stage",
    }

    def _value_customers(self):
        """Whoever proposed something that is adopted, directly or by a merge."""
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
            yield suggestions.commercial_partner_id, company
