from odoo import api, models
from odoo.tools import format_amount

from odoo.addons.crm_customer_value.models.timeline.customer_timeline import TimelineEntry, TimelineKind


class CustomerTimeline(models.AbstractModel):
    _inherit = "customer.timeline"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "pos": TimelineKind(
                self.env._("Point of Sale"), "fa-shopping-bag", "pos.order", "date_order",
                [("state", "in", ("paid", "done"))], type(self)._tell_pos_order,
                customer="partner_id.commercial_partner_id",
            ),
        }

    @api.model
    def _tell_pos_order(self, order):
        untaxed = order.amount_total - order.amount_tax
        return TimelineEntry(
            order.name, self._name_of(order.config_id), amount=format_amount(self.env, untaxed, order.currency_id),
            user=order.user_id,
        )
