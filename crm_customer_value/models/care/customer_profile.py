"""By which level the customer is served, and what they were promised."""

from odoo import api, models

from ..timeline.customer_profile import ProfileLine, ProfileSection


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        level = self._care_level(customer)
        lines = []
        if level:
            rhythm = level.contact_days and self.env._("In touch every %s days", level.contact_days)
            lines.append(ProfileLine(level.name, self._short(level.promise), rhythm or ""))
        return super()._sections(customer) | {
            "promise": ProfileSection(self.env._("What We Promised"), 10, lines),
        }

    @api.model
    def _care_level(self, customer):
        """Return the care level of a customer, empty where there is none or the reader may not see values."""
        value = self._value_of(customer)
        return value.care_level_id if value else self.env["customer.care.level"]
