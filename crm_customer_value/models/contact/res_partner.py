"""What everybody who meets a customer should know of them, and what happened in their life."""

from odoo import api, fields, models

from ..base.number_fields import Integer

MEETS_GROUP = "crm_customer_value.group_meets_customers"
SERVICE_GROUP = "crm_customer_value.group_service_own"


class ResPartner(models.Model):
    _inherit = "res.partner"

    contact_log_ids = fields.One2many("customer.contact.log", "partner_id", "Contacts with Us", groups=MEETS_GROUP)
    contact_note_ids = fields.One2many("customer.contact.note", "partner_id", "What to Know", groups=MEETS_GROUP)
    customer_note_ids = fields.Many2many(
        "customer.contact.note", string="What to Know about the Customer", compute="_compute_customer_note_ids",
        groups=MEETS_GROUP, help="Notes about the whole customer, this contact and its colleagues.",
    )
    life_event_count = Integer("Life Events", compute="_compute_life_event_count", groups=SERVICE_GROUP)

    @api.depends("contact_note_ids.active")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_note_ids(self):
        notes = self.env["customer.contact.note"].search(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
        )
        by_customer = notes.grouped("commercial_partner_id")
        for partner in self:
            partner.customer_note_ids = by_customer.get(partner.commercial_partner_id._origin, notes.browse())

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_life_event_count(self):
        counts = dict(self.env["customer.life.event"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)], ["commercial_partner_id"], ["__count"]
        ))
        for partner in self:
            partner.life_event_count = counts.get(partner.commercial_partner_id._origin, 0)

    def action_new_note(self):
        """Open the small dialog in which one notes what others should know of this contact."""
        self.ensure_one()
        self.check_access("read")
        notes = self.env["customer.contact.note"]
        notes.check_access("create")
        return notes._action_dialog({"default_partner_id": self.id})

    def action_new_life_event(self):
        """Open the small dialog in which one notes what happened in the customer's life."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.life.event"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a Life Event"),
            "res_model": "customer.life.event",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def action_view_life_events(self):
        """Show what happened in the life of the customer behind this contact."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["life_event_count"], "read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_value.customer_life_event_action")
        return action | {
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id},
        }
