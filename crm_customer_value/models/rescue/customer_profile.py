"""What was tried to keep the customer or to win them back."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..timeline.customer_profile import LONGEST_HALF, ProfileLine


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        return super()._sections(customer) | {
            "rescue": self._section(
                self.env._("Efforts to Keep or Win Back"), 45, "customer.rescue",
                Domain("state", "=", "done") & self._domain_of(customer),
                lambda rescue: ProfileLine(
                    self._label_of(rescue, "kind"),
                    self._short(self._label_of(rescue, "reason") or rescue.offer, LONGEST_HALF),
                    ", ".join(filter(None, (format_date(self.env, rescue.date), rescue._result_text()))),
                ),
                order="date desc, id desc", is_half=True,
            ),
        }
