"""What is wrong at the moment."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..timeline.customer_profile import ProfileLine
from .customer_complaint_stage import OPEN_STATES


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        return super()._sections(customer) | {
            "complaint": self._section(
                self.env._("Open Complaints"), 40, "customer.complaint",
                Domain("state", "in", OPEN_STATES) & self._domain_of(customer),
                lambda complaint: ProfileLine(
                    self._short(complaint.display_name, 80), self._label_of(complaint, "severity"),
                    f"{self._label_of(complaint, 'state')}, {format_date(self.env, complaint.date_received)}",
                ),
            ),
        }
