"""Contacts with a customer: those with everybody of the company, on each of its contacts."""

from odoo import api, fields, models

from ..base.number_fields import Integer
from .res_partner import MEETS_GROUP, SERVICE_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    contact_log_count = Integer(
        "Logged Contacts", compute="_compute_contact_log_count", groups=MEETS_GROUP,
        help="Contacts with this customer that were logged, as far as you may read them.",
    )
    last_contact_date = fields.Date(
        "Last in Touch", compute="_compute_days_since_contact", groups=SERVICE_GROUP,
        help="When somebody of us or of the customer was last in touch, by e-mail, portal, meeting, call or logged "
        "contact. It is looked up once a night. Empty: nothing is known.",
    )
    days_since_contact = Integer(
        "Days Since Last Contact", compute="_compute_days_since_contact", search="_search_days_since_contact",
        groups=SERVICE_GROUP, optional=True, aggregator=None,
        help="Whoever was in touch, we or the customer. Empty: nothing is known.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_contact_log_count(self):
        customers = self.commercial_partner_id
        counts = dict(self.env["customer.contact.log"]._read_group(
            [("commercial_partner_id", "in", customers.ids)], ["commercial_partner_id"], ["__count"]
        ))
        for partner in self:
            partner.contact_log_count = counts.get(partner.commercial_partner_id._origin, 0)

    @api.depends_context("company")
    def _compute_days_since_contact(self):
        # sudo: when a customer was last in touch is for everybody who serves customers, their value is not.
        values = self.env["customer.value"].sudo().search_fetch(
            [("company_id", "=", self.env.company.id), ("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id", "last_contact_by_us", "last_contact_by_them"],
        )
        known = {value.partner_id.id: value for value in values}
        for partner in self:
            value = known.get(partner.commercial_partner_id._origin.id, values.browse())
            partner.last_contact_date, partner.days_since_contact = value.last_contact_date, value.days_since_contact

    def _search_days_since_contact(self, operator, value):
        # sudo: as above.
        values = self.env["customer.value"].sudo()._search([
            ("company_id", "=", self.env.company.id), ("days_since_contact", operator, value),
        ])
        return [("commercial_partner_id", "in", values.subselect("partner_id"))]

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "is_company"} & vals.keys():
            self._customer_keep_contacts()
        return result

    def _customer_keep_contacts(self):
        """Give what was logged with these contacts, as customers of their own, to the customers they now belong to.

        What was logged with the customer they leave stays there: the time was spent on that customer.
        """
        moved = self.filtered(lambda partner: partner.commercial_partner_id != partner)
        # sudo: whoever changes contacts need not read what was logged.
        logs = self.env["customer.contact.log"].sudo().search([("commercial_partner_id", "in", moved.ids)])
        for partner, found in logs.grouped("commercial_partner_id").items():
            found.commercial_partner_id = partner.commercial_partner_id

    def action_log_contact(self):
        """Ask what was learned in a contact with these contacts, and log it with all of them."""
        return self.env["customer.contact.wizard"]._action_of(self)

    def action_view_contact_logs(self):
        """Show what was logged with the customer behind this contact."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["contact_log_count"], "read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_contact_log_action")
        return action | {
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id},
        }
