"""What the customer needs."""

from odoo import api, models
from odoo.fields import Domain

from ..timeline.customer_profile import ProfileLine
from .customer_need import UNMET_STATES


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        return super()._sections(customer) | {
            "need": self._section(
                self.env._("Needs"), 50, "customer.need",
                Domain("state", "in", UNMET_STATES) & self._domain_of(customer),
                lambda need: ProfileLine(
                    # sudo: what kind of need it is reads everybody who reads the need.
                    need.type_id.sudo().name, self._short(need.words),
                    self.env._(
                        "%(state)s, importance %(importance)s of 5",
                        state=self._label_of(need, "state"), importance=need.importance,
                    ),
                ),
            ),
        }
