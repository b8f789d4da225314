from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..value.customer_value_open import OPEN_LEADS, OPEN_ORDERS

# So that two pages hold everything: lines of a section, and letters of a text, in a section of half the width too.
LINES = 5
LONGEST_TEXT = 160
LONGEST_HALF = 40
VALUES = ("to_us", "to_them")


class ProfileLine(NamedTuple):
    """One line of a section of the profile."""

    name: str
    text: str = ""
    aside: str = ""  # at the right: a state, a day, an amount


class ProfileSection(NamedTuple):
    """A section of the profile: what a room has to say before a visit."""

    title: str
    sequence: int  # sections are printed in this order
    lines: list  # of ProfileLine
    more: int = 0  # how many others there are
    is_half: bool = False  # lines are short: it stands next to another one


class CustomerProfile(models.AbstractModel):
    """What to know before a visit to a customer, read with the rights of who prints it.

    What the reader may not read has no line, and a section without lines is not printed.
    """

    _name = "customer.profile"
    _description = "Profile of a Customer"

    @api.model
    def _figures(self, customer):
        """Return what stands on top, {name: (label, text)}, as far as it is known and the reader may see it.

        Extension point.

        :param customer: a commercial partner
        """
        value = self._value_of(customer)
        if not value:
            return {}
        figures = {}
        if value.value_to_us is not False and value.last_purchase_date:
            figures["to_us"] = (self.env._("Value to us"), f"{value.value_to_us:.0f}")
        if value.value_class:
            figures["class"] = (self.env._("Class"), self._label_of(value, "value_class"))
        if value.lifecycle_stage_id:
            figures["stage"] = (self.env._("Stage"), value.lifecycle_stage_id.name)
        if value.last_purchase_date:
            figures["last_purchase"] = (self.env._("Last purchase"), format_date(self.env, value.last_purchase_date))
        if value.amounts_visible and value.last_purchase_date:
            figures["revenue"] = (
                self.env._("Revenue (period)"),
                format_amount(self.env, value.shown_revenue_12m, value.currency_id),
            )
        return figures

    @api.model
    def _sections(self, customer):
        """Return the sections, {name: ProfileSection}.

        Extension point: ``return super()._sections(customer) | {"need": ProfileSection(...)}``.

        :param customer: a commercial partner
        """
        return {
            "people": self._people(customer),
            "activity": self._activities(customer),
            "quotation": self._quotations(customer),
            "opportunity": self._opportunities(customer),
        }

    @api.model
    def _of(self, customer):
        """Return what the page shows of a customer: plain values."""
        figures = self._figures(customer)
        return {
            # Both values first, whichever room tells them.
            "figures": {name: figures[name] for name in sorted(figures, key=lambda name: name not in VALUES)},
            "sections": sorted(
                (section for section in self._sections(customer).values() if section.lines),
                key=lambda section: section.sequence,
            ),
        }

    # What sections are made of

    @api.model
    def _section(self, title, sequence, model, domain, line, order=None, limit=LINES, is_half=False):
        """Return a section of the records that the reader may read, one line each.

        :param line: takes a record, returns its ProfileLine
        """
        records = self.env[model]
        if not records.has_access("read"):
            return ProfileSection(title, sequence, [], is_half=is_half)
        found = records.search(domain, order=order, limit=limit)
        count = len(found) if len(found) < limit else records.search_count(domain)
        return ProfileSection(title, sequence, [line(record) for record in found], count - len(found), is_half)

    @api.model
    def _domain_of(self, customer, path="commercial_partner_id"):
        """Return the domain of a customer's records in the company one works in."""
        return Domain(path, "=", customer.id) & Domain("company_id", "in", [self.env.company.id, False])

    @api.model
    def _value_of(self, customer):
        """Return the value of a customer, empty where there is none or the reader may see none."""
        values = self.env["customer.value"]
        if not values.has_access("read"):
            return values
        return values.search([("company_id", "=", self.env.company.id), ("partner_id", "=", customer.id)])

    @api.model
    def _label_of(self, record, name):
        """Return the word for the value of a selection, or nothing."""
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    @api.model
    def _short(self, text, longest=LONGEST_TEXT):
        """Return a text that is short enough for its place."""
        text = " ".join((text or "").split())
        return text if len(text) <= longest else f"{text[:longest - 1].rstrip()}…"

    # The sections of this room

    @api.model
    def _people(self, customer):
        return self._section(
            self.env._("Who Is Who"), 30, "res.partner", [("parent_id", "=", customer.id), ("type", "=", "contact")],
            lambda person: ProfileLine(
                self._short(person.name, LONGEST_HALF), self._short(person.function, LONGEST_HALF),
                person.phone or person.email or "",
            ),
            order="name, id", is_half=True,
        )

    @api.model
    def _activities(self, customer):
        family = self.env["res.partner"].with_context(active_test=False).search(
            [("commercial_partner_id", "=", customer.id)]
        )
        return self._section(
            self.env._("To Do"), 41, "mail.activity", [("res_model", "=", "res.partner"), ("res_id", "in", family.ids)],
            lambda activity: ProfileLine(
                # sudo: what is to be done, and by whom, reads everybody who reads the activity.
                self._short(activity.summary or activity.activity_type_id.sudo().name, LONGEST_HALF),
                activity.user_id.sudo().name or "", format_date(self.env, activity.date_deadline),
            ),
            order="date_deadline, id", is_half=True,
        )

    @api.model
    def _quotations(self, customer):
        return self._section(
            self.env._("Open Quotations"), 42, "sale.order",
            Domain(OPEN_ORDERS) & self._domain_of(customer, "partner_id.commercial_partner_id"),
            lambda order: ProfileLine(
                order.name, format_date(self.env, order.date_order),
                format_amount(self.env, order.amount_untaxed, order.currency_id),
            ),
            order="date_order desc, id desc", is_half=True,
        )

    @api.model
    def _opportunities(self, customer):
        return self._section(
            self.env._("Open Opportunities"), 43, "crm.lead",
            Domain(OPEN_LEADS) & self._domain_of(customer, "partner_id.commercial_partner_id"),
            lambda lead: ProfileLine(
                self._short(lead.name, LONGEST_HALF), lead.stage_id.name or "",
                format_amount(self.env, lead.expected_revenue, lead.company_currency) if lead.expected_revenue else "",
            ),
            order="expected_revenue desc, id desc", is_half=True,
        )
