"""Who brought whom."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.number_fields import Integer, Monetary
from ..value.customer_value_mixin import SALES_GROUP

SERVICE_GROUP = "crm_customer_value.group_service_own"


class ResPartner(models.Model):
    _inherit = "res.partner"
    _customer_value_shown = ("shown_revenue_total",)

    referred_by_id = fields.Many2one(
        "res.partner", "Brought by", index="btree_not_null", ondelete="set null", groups="base.group_user",
        help="Contact who recommended us to this one.",
    )
    brought_contact_count = Integer(
        "Brought", compute="_compute_brought_contact_count", groups=SERVICE_GROUP,
        help="Contacts that this customer, or one of their contacts, brought, as far as you may read them.",
    )
    # As the money at risk: it is the user whose documents decide what is shown.
    shown_revenue_total = Monetary(
        "Revenue of the Customer", compute="_compute_shown_revenue_total", currency_field="value_currency_id",
        groups=SALES_GROUP, optional=True, exportable=False,
        help="All that the customer bought. Empty: not known, or not for you to see.",
    )

    @api.model
    def _link_fields(self):
        return [*super()._link_fields(), "referred_by_id"]

    @api.depends("customer_value_id")
    @api.depends_context("uid", "company")
    def _compute_shown_revenue_total(self):
        for partner in self:
            partner.shown_revenue_total = partner.customer_value_id.shown_revenue_total

    def _customer_brought_domain(self):
        """Return the domain of the contacts that the customer behind this contact brought (one record)."""
        # As stored: a contact that is not saved yet brought nobody.
        family = self.commercial_partner_id._origin
        return [
            ("referred_by_id.commercial_partner_id", "in", family.ids), ("commercial_partner_id", "not in", family.ids),
        ]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_brought_contact_count(self):
        # Whom somebody brought was brought, archived since or not.
        partners = self.with_context(active_test=False)
        for partner in self:
            partner.brought_contact_count = partners.search_count(partner._customer_brought_domain())

    def _customer_referral_chain(self):
        """Return this contact, who brought it, who brought them, and so on (one record).

        Of a contact that nobody brought counts who brought its customer.
        """
        chain = self.browse()
        friend = self
        while friend and friend not in chain:
            chain += friend
            friend = friend.referred_by_id or friend.commercial_partner_id.referred_by_id
        return chain

    def _customer_would_bring_itself(self, friend):
        """Tell whether this contact has brought itself if ``friend`` has brought it, alone or by others (one record).

        Colleagues may name each other; but whom a customer brought has not brought that customer.
        """
        chain, family = friend._customer_referral_chain(), self.commercial_partner_id
        if self in chain or family in chain:
            return True
        return friend.commercial_partner_id != family and family in chain.commercial_partner_id

    @api.constrains("referred_by_id")
    def _check_referred_by_id(self):
        # sudo: who brought the others in between need not be known to whoever changes this contact.
        for partner in self.sudo():
            friend = partner.referred_by_id
            if not friend or not partner._customer_would_bring_itself(friend):
                continue
            if friend in (partner, partner.commercial_partner_id):
                raise ValidationError(self.env._(
                    "Nobody brings themselves. Choose who else recommended us to %(contact)s, or leave “Brought by” "
                    "empty.",
                    contact=partner.display_name,
                ))
            raise ValidationError(self.env._(
                "%(contact)s was there before %(friend)s, and brought them. Choose somebody else, or leave “Brought "
                "by” empty.",
                contact=partner.display_name, friend=friend.display_name,
            ))

    def action_view_brought_contacts(self):
        """Show whom this customer brought, and what they are worth."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["brought_contact_count"], "read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Brought by %(customer)s", customer=self.commercial_partner_id.display_name),
            "res_model": "res.partner",
            "views": [
                (self.env.ref("crm_customer_value.res_partner_view_list_brought").id, "list"), (False, "form"),
            ],
            "domain": self._customer_brought_domain(),
            "context": {"active_test": False},
        }
