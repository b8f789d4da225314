"""What the customer bought elsewhere."""

from odoo import api, models

from ..timeline.customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "import": TimelineKind(
                self.env._("Imported Purchases"), "fa-archive", "customer.purchase.history", "date", [],
                type(self)._tell_import, customer="partner_id.commercial_partner_id",
            ),
        }

    @api.model
    def _tell_import(self, purchase):
        is_return = purchase.amount < 0
        return TimelineEntry(
            self.env._("Imported return") if is_return else self.env._("Imported purchase"),
            purchase.reference, amount=self._amount_of(purchase, "amount"),
        )
