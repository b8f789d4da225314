"""What was offered to the customer, and what became of it."""

from odoo import api, models
from odoo.tools import format_date

from ..timeline.customer_timeline import TimelineEntry, TimelineKind

COLORS = {"taken": "success", "offered": "info"}


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "offer": TimelineKind(
                self.env._("Offers"), "fa-lightbulb-o", "customer.offer", "date", [], type(self)._tell_offer,
            ),
        }

    @api.model
    def _tell_offer(self, offer):
        said = [self._label_of(offer, "refusal"), offer.note] if offer.state in ("refused", "resting") else []
        bought = offer.date_taken and self.env._("Bought on %s", format_date(self.env, offer.date_taken))
        asked = offer.state == "offered" and offer._asked_text()
        return TimelineEntry(
            self._name_of(offer.product_id), ": ".join(filter(None, [asked, bought, *said])),
            state=self._label_of(offer, "state"), color=COLORS.get(offer.state, "secondary"), user=offer.user_id,
        )
