"""Who brought an opportunity, and so the customer that comes of it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.link.mixin"]

    referred_by_id = fields.Many2one(
        "res.partner", "Brought by", index="btree_not_null", ondelete="set null", tracking=True, check_company=True,
        help="Contact who recommended us. The customer keeps it when the opportunity is won.",
    )
    referred_match_id = fields.Many2one(
        "res.partner", "Contact Meant by Referred By", compute="_compute_referred_match_id",
        help="The one contact whose name or e-mail address is what “Referred By” says.",
    )

    @api.model
    def _link_fields(self):
        return ["referred_by_id"]

    @api.depends("referred", "referred_by_id", "partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_referred_match_id(self):
        partners = self.env["res.partner"]
        for lead in self:
            lead.referred_match_id = False
            words = (lead.referred or "").strip()
            if not words or lead.referred_by_id:
                continue
            named = Domain.OR(
                Domain(name, "=ilike", escape_psql(words)) for name in ("name", "complete_name")
            )
            if email := email_normalize(words):
                named |= Domain("email_normalized", "=", email)
            found = partners.search(named & Domain("id", "!=", lead.partner_id.id), limit=2)
            lead.referred_match_id = found if len(found) == 1 else False

    def action_take_referred(self):
        """Take the contact that the text “Referred By” means; the text stays."""
        for lead in self:
            lead.referred_by_id = lead.referred_match_id or lead.referred_by_id

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._customer_keep_referral()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if {"referred_by_id", "partner_id", "stage_id", "probability", "active"} & vals.keys():
            self._customer_keep_referral()
        return result

    def _customer_keep_referral(self):
        """Name on customers who were won who brought them, unless somebody is named or they had bought before."""
        for lead in self.filtered(lambda lead: lead.won_status == "won" and lead.referred_by_id and lead.partner_id):
            # sudo: whoever wins an opportunity need not be allowed to change the customer.
            lead = lead.sudo()
            customer = lead.partner_id.commercial_partner_id
            company = lead.company_id or self.env.company
            first = customer.with_company(company).customer_value_id.first_purchase_date
            if customer.referred_by_id or (first and first < lead.create_date.date()):
                continue
            if not customer._customer_would_bring_itself(lead.referred_by_id):
                customer.referred_by_id = lead.referred_by_id

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A customer made of a lead was brought by whoever brought the lead; its contacts need not say so again."""
        values = super()._prepare_customer_values(partner_name, is_company=is_company, parent_id=parent_id)
        # Whom the user may not read the customer keeps when the opportunity is won.
        if not parent_id and (friend := self.referred_by_id._filtered_access("read")):
            values["referred_by_id"] = friend.id
        return values

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "referred_by_id"]
