from typing import NamedTuple

from odoo import api, models


class TimelineKind(NamedTuple):
    """A kind of entries in the timeline of a customer."""

    label: str  # translated, in the plural
    icon: str  # of Font Awesome: "fa-phone"
    model: str
    moment: str  # the field, a date or a moment in UTC, that entries are sorted by
    domain: list  # beside the customer and the company: which records are entries
    customer: str = "commercial_partner_id"  # the field that leads to the customer


class CustomerTimeline(models.AbstractModel):
    """Everything that happened with a customer, newest first, read with the rights of who asks."""

    _name = "customer.timeline"
    _description = "Timeline of a Customer"

    @api.model
    def _kinds(self):
        """Return the kinds of entries, by name.

        Extension point: ``return super()._kinds() | {"contact": TimelineKind(...)}``.
        """
        return {}
