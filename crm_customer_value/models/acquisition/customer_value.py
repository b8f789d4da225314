from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.acquisition import traits


class CustomerValue(models.Model):
    """Which prospects are like the best customers."""

    _inherit = "customer.value"

    is_like_best = fields.Boolean(
        "Like the Best Customers", compute="_compute_is_like_best", search="_search_is_like_best",
        help="In the country, the industry, being a company or a person, or having been recommended: at least one "
        "trait that is typical of the best fifth of the customers.",
    )

    @api.depends(
        "partner_id.country_id", "partner_id.industry_id", "partner_id.is_company", "partner_id.referred_by_id",
    )
    def _compute_is_like_best(self):
        found = self.filtered_domain(self._like_best_domain(self.company_id)) if self else self
        for value in self:
            value.is_like_best = value in found

    def _search_is_like_best(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._like_best_domain(self.env.companies)
        return domain if True in value else ~domain

    @api.model
    def _like_best_domain(self, companies):
        """Return the domain of customers of some companies who are like the best of their company."""
        # sudo: what is typical is said by the filter, and nothing of any customer.
        groups = self.env["customer.lead.group"].sudo().search([
            ("company_id", "in", companies.ids), ("is_typical", "=", True),
        ])
        conditions = {
            "country": lambda key: Domain("partner_id.country_id", "=", key),
            "industry": lambda key: Domain("partner_id.industry_id", "=", key),
            "kind": lambda key: Domain("partner_id.is_company", "=", key == traits.COMPANY),
            "referred": lambda key: Domain("partner_id.referred_by_id", "!=" if key == traits.YES else "=", False),
        }
        return Domain.OR(
            Domain("company_id", "=", group.company_id.id) & conditions[group.trait](group.key)
            for group in groups if group.trait in conditions
        )
