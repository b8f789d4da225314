"""How the customer wishes to be served."""

from odoo import api, models

from ..timeline.customer_profile import ProfileLine, ProfileSection


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        wishes = customer._customer_wishes()
        lines = [
            ProfileLine(label, text)
            for label, text in (
                (self.env._("Service option"), wishes["flow"].name),
                (self.env._("Contact person"), wishes["user"].name),
                (self.env._("When and how"), ", ".join(customer._customer_wish_words(wishes))),
            )
            if text
        ]
        return super()._sections(customer) | {
            "wish": ProfileSection(self.env._("Wishes"), 44, lines, is_half=True),
        }
