"""What to offer on the visit, and what is due again."""

from odoo import api, models

from ..timeline.customer_profile import ProfileLine, ProfileSection
from .customer_offer_panel import OFFERS

DUE = 2


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        return super()._sections(customer) | {
            "offer": ProfileSection(self.env._("What to Offer"), 25, self._offer_lines(customer)),
        }

    @api.model
    def _offer_lines(self, customer):
        """Return what is proposed for a customer and what is due, to whom sells to them."""
        offers, company = self.env["customer.offer"], self.env.company
        if not self.env["customer.product.neighbour"].has_access("read") or not offers._own_customers(customer):
            return []
        proposals = offers._proposals(customer, OFFERS, company).get(customer.id, [])
        due = offers._due(customer, company).get(customer.id, [])[:DUE]
        products = self.env["product.product"]
        return [
            *(
                ProfileLine(
                    self._short(products.browse(proposal.product_id).display_name), self._short(proposal.reason),
                    offers._confidence_words(proposal.confidence)[1],
                )
                for proposal in proposals
            ),
            *(
                ProfileLine(self._short(line["name"]), line["text"])
                for line in (offers._panel_due(row, {}, company) for row in due)
            ),
        ]
