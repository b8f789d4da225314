from odoo import api, fields, models

from ..base.number_fields import Monetary
from ..contact.customer_contact_channel import COST_GROUPS


class CustomerContactLog(models.Model):
    """What a contact cost: it counts as cost to serve the customer. See engine/contact/cost.py."""

    _inherit = "customer.contact.log"

    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = Monetary(
        compute="_compute_cost", store=True, optional=True, groups=COST_GROUPS, aggregator="sum",
        help="Working time at the cost of an hour, plus travel and charges of the channel. Empty: neither is known.",
    )

    _value_reads = frozenset(("company_id", "commercial_partner_id", "date", "cost"))

    @api.depends("minutes", "channel_id", "company_id.complaint_hour_cost")
    def _compute_cost(self):
        for log in self:
            charge = log.channel_id.with_company(log.company_id).contact_cost
            hours = log.minutes is not False and log.currency_id.round(
                log.minutes * log.company_id.complaint_hour_cost / 60
            )
            log.cost = False if charge is False and hours is False else charge + hours
