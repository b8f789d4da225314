"""What everybody who visits a customer should know of them."""

from odoo import api, models
from odoo.tools import format_date

from ..timeline.customer_profile import LONGEST_HALF, ProfileLine


class CustomerProfile(models.AbstractModel):
    _inherit = "customer.profile"

    @api.model
    def _sections(self, customer):
        domain = self._domain_of(customer)
        return super()._sections(customer) | {
            "note": self._section(
                self.env._("What to Know"), 20, "customer.contact.note", domain,
                lambda note: ProfileLine(
                    "", self._short(note.text),
                    # sudo: who wrote a note is read by everybody who reads it.
                    f"{note.user_id.sudo().name}, {format_date(self.env, note.date)}",
                ),
            ),
            "life": self._section(
                self.env._("Their Life"), 21, "customer.life.event", domain,
                lambda event: ProfileLine(
                    self._short(event.name, LONGEST_HALF), self._label_of(event, "kind"),
                    format_date(self.env, event.date),
                ),
                is_half=True,
            ),
            "contact": self._section(
                self.env._("Last in Touch"), 31, "customer.contact.log", domain,
                lambda log: ProfileLine(
                    # sudo: on which channel reads everybody who reads the contact.
                    log.channel_id.sudo().name, self._short(log.summary),
                    f"{self._label_of(log, 'direction')}, {format_date(self.env, log.date)}",
                ),
                limit=3,
            ),
        }
