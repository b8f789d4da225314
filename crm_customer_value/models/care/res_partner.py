from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

SERVICE_GROUP = "crm_customer_value.group_service_own"
REPAIR_ACTIVITY = "crm_customer_value.mail_activity_type_relationship"


class ResPartner(models.Model):
    """Whether the relationship with a customer is broken: of the whole company, on every contact of it."""

    _inherit = "res.partner"

    relationship_broken_on = fields.Date(
        "Relationship Broken on", readonly=True, copy=False, groups="base.group_user", index="btree_not_null",
        help="Day on which somebody said so. Empty: nobody did.",
    )
    relationship_broken_reason = fields.Char(
        "What Broke the Relationship", readonly=True, copy=False, groups="base.group_user"
    )
    is_relationship_broken = fields.Boolean(
        "Relationship Broken", compute="_compute_is_relationship_broken", search="_search_is_relationship_broken",
        compute_sudo=True, groups="base.group_user",
        help="Somebody said so, or a severe complaint is open. Promotion stops until it is mended.",
    )
    relationship_note = fields.Char(
        "Why the Relationship Is Broken", compute="_compute_is_relationship_broken", compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("commercial_partner_id.relationship_broken_on", "commercial_partner_id.relationship_broken_reason")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_is_relationship_broken(self):
        complaints = self.env["customer.complaint"]
        severe = {
            customer.id for (customer,) in complaints._read_group(
                complaints._open_severe_domain(self.env.companies, self.commercial_partner_id),
                ["commercial_partner_id"],
            )
        }
        for partner in self:
            customer = partner.commercial_partner_id
            partner.relationship_note = customer.relationship_broken_on and customer.relationship_broken_reason
            partner.is_relationship_broken = bool(customer.relationship_broken_on) or customer._origin.id in severe

    def _search_is_relationship_broken(self, operator, value):
        """Find by what is computed above."""
        if operator != "in":
            return NotImplemented
        # sudo: that something is wrong is for everybody to know; what, is not told.
        complaints = self.env["customer.complaint"].sudo()
        severe = complaints._read_group(
            complaints._open_severe_domain(self.env.companies), ["commercial_partner_id"]
        )
        broken = (
            Domain("commercial_partner_id.relationship_broken_on", "!=", False)
            | Domain("commercial_partner_id", "in", [customer.id for (customer,) in severe])
        )
        wanted = set(value)
        if wanted == {True}:
            return broken
        if wanted == {False}:
            return ~broken
        return Domain.TRUE if wanted else Domain.FALSE

    def _break_relationship(self, reason):
        """Note that the relationship with these customers is broken, and have their owner repair it.

        :param str reason: what broke it; required
        :raise UserError: without a reason
        """
        customers = self.commercial_partner_id
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write what broke the relationship."))
        for customer in customers:
            # sudo: nobody writes this by hand; who may change the contact may say so.
            noted = customer.sudo()
            noted.write({
                "relationship_broken_on": noted.relationship_broken_on or fields.Date.context_today(self),
                "relationship_broken_reason": reason,
            })
            customer.message_post(body=self.env._("The relationship is broken: %s", reason))
            if not customer.activity_search([REPAIR_ACTIVITY]):
                customer.activity_schedule(
                    REPAIR_ACTIVITY, note=plaintext2html(reason), user_id=(customer.user_id or self.env.user).id
                )
        customers._place_in_care_levels()

    def action_mend_relationship(self):
        """Note that the relationship is mended."""
        self.check_access("write")
        # Whoever may say that it is broken may say that it is mended.
        self.env["customer.relationship.break"].check_access("create")
        customers = self.commercial_partner_id
        # sudo: as above.
        broken = customers.sudo().filtered("relationship_broken_on")
        broken.write({"relationship_broken_on": False, "relationship_broken_reason": False})
        for customer in broken.sudo(False):
            customer.message_post(body=self.env._("The relationship is mended."))
            customer.activity_unlink([REPAIR_ACTIVITY])
        broken._place_in_care_levels()

    def _place_in_care_levels(self):
        """Bring what their values say of levels and promises up to date, in the companies of the user."""
        self.env["customer.care.level"]._place(
            self.env.companies, SQL("v.partner_id = ANY(%s)", self.commercial_partner_id.ids)
        )
