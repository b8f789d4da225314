from odoo import api, fields, models
from odoo.fields import Domain

from ..base.number_fields import Integer
from ..complaint.customer_complaint_stage import OPEN_STATES
from ..contact.res_partner import SERVICE_GROUP

CONTACTS_SHOWN = 5


class CustomerPhoneLookup(models.TransientModel):
    """Somebody calls: who it is, and all that one needs to know while talking, on one screen."""

    _name = "customer.phone.lookup"
    _description = "Look-Up by Phone Number"
    _inherit = ["customer.guarded.mixin", "customer.link.mixin"]
    _rec_name = "number"

    number = fields.Char("Phone Number", help="As you see or hear it: with or without country code, spaces, dashes.")
    match_ids = fields.Many2many(
        "res.partner", string="Contacts with This Number", compute="_compute_match_ids",
        context={"active_test": False},
    )
    match_count = Integer("Number of Contacts", compute="_compute_match_ids")
    partner_id = fields.Many2one(
        "res.partner", "Who Is Calling", compute="_compute_partner_id", store=True, readonly=False,
        compute_sudo=False, ondelete="cascade", domain="[('id', 'in', match_ids)]",
    )
    can_create = fields.Boolean(compute="_compute_can_create")
    is_archived = fields.Boolean(compute="_compute_is_archived")

    # Who it is
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Customer")
    function = fields.Char(related="partner_id.function")
    phone = fields.Char(related="partner_id.phone", string="Number on the Contact")
    email = fields.Char(related="partner_id.email")
    user_id = fields.Many2one(related="partner_id.commercial_partner_id.user_id", string="Salesperson")

    # How they are served
    value_class = fields.Selection(related="partner_id.value_class", groups=SERVICE_GROUP)
    lifecycle_stage_name = fields.Char(
        related="partner_id.lifecycle_stage_name", string="Stage", groups=SERVICE_GROUP
    )
    lifecycle_health = fields.Selection(related="partner_id.lifecycle_health", groups=SERVICE_GROUP)
    care_level = fields.Char(compute="_compute_service")
    service_hint = fields.Char(related="partner_id.service_hint", string="Wishes")
    is_relationship_broken = fields.Boolean(related="partner_id.commercial_partner_id.is_relationship_broken")
    complaint_warning = fields.Char(compute="_compute_service")

    # What there is to talk about
    complaint_ids = fields.Many2many("customer.complaint", string="Open Complaints", compute="_compute_matters")
    contact_log_ids = fields.Many2many("customer.contact.log", string="Last Contacts", compute="_compute_matters")
    note_ids = fields.Many2many("customer.contact.note", string="What to Know", compute="_compute_matters")

    @api.model
    def _writable_fields(self):
        return super()._writable_fields() | {"number", "partner_id"}

    @api.depends("number")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_match_ids(self):
        """Who has the number; where nobody has it any more, who had it before they were archived."""
        partners = self.env["res.partner"]
        for lookup in self:
            lookup.match_ids = partners._customer_by_phone(lookup.number) or partners.with_context(
                active_test=False
            )._customer_by_phone(lookup.number)
            lookup.match_count = len(lookup.match_ids)

    @api.depends("partner_id.active")
    def _compute_is_archived(self):
        for lookup in self:
            lookup.is_archived = bool(lookup.partner_id) and not lookup.partner_id.active

    @api.depends("number")
    def _compute_partner_id(self):
        """Whose number it is, if it is the number of one contact alone."""
        for lookup in self:
            lookup.partner_id = lookup.match_ids if lookup.match_count == 1 else False

    @api.depends_context("uid")
    def _compute_can_create(self):
        self.can_create = self.env["res.partner"].has_access("create")

    @api.depends("partner_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_service(self):
        for lookup in self:
            # sudo: by which level a customer is served, and that they wait for an answer to something severe, is for
            # everybody to know who talks to them. No amounts.
            partner = lookup.partner_id.sudo()
            lookup.care_level = partner.care_level_id.name
            lookup.complaint_warning = partner.complaint_warning

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_matters(self):
        for lookup in self:
            customer = Domain("commercial_partner_id", "=", lookup.partner_id.commercial_partner_id.id or 0)
            lookup.complaint_ids = self.env["customer.complaint"].search(
                customer & Domain("state", "in", OPEN_STATES) & Domain("merged_into_id", "=", False)
            )
            lookup.contact_log_ids = self.env["customer.contact.log"].search(customer, limit=CONTACTS_SHOWN)
            lookup.note_ids = self.env["customer.contact.note"].search(customer)

    def action_look_up(self):
        """Show what is known of the number that was typed: saving the form does."""
        self.ensure_one()
        self.check_access("read")
        return False

    def action_open_customer(self):
        """Open the contact who calls."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_new_contact(self):
        """Open a new contact that has this number already."""
        self.ensure_one()
        self.env["res.partner"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Contact"),
            "res_model": "res.partner",
            "views": [(False, "form")],
            "context": {"default_phone": self.number},
        }

    def action_log_contact(self):
        """Log this call."""
        self.ensure_one()
        return self.env["customer.contact.wizard"]._action_of(
            self.partner_id,
            default_channel_id=self.env["customer.contact.channel"]._of("phone").id,
            default_direction="in",
        )

    def action_new_note(self):
        """Note what others should know of who calls."""
        return self.partner_id.action_new_note()

    def action_new_complaint(self):
        """Write down a complaint of who calls; of somebody unknown, with the number to call back."""
        self.ensure_one()
        action = self.env["customer.complaint"]._action_new(self.partner_id, self.env.company)
        if not self.partner_id:
            action["context"]["default_phone"] = self.number
        return action
