"""Complaints of a customer: those of the whole company on every contact of it."""

from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.complaint.count"]

    def write(self, vals):
        """Let the money at stake in complaints follow contacts that become part of another customer."""
        if not {"parent_id", "is_company"} & vals.keys():
            return super().write(vals)
        families = self.commercial_partner_id
        result = super().write(vals)
        if families != self.commercial_partner_id:
            self.env["customer.complaint"]._refresh_stakes_of(self.commercial_partner_id)
        return result

    def _customer_offered_colleagues(self, company):
        """Offer those who take care of complaints, of the teams that want it."""
        # sudo: as where this is asked for.
        teams = self.env["customer.complaint.team"].sudo().search(
            Domain("company_id", "=", company.id) & Domain("members_offered", "=", True)
        )
        return super()._customer_offered_colleagues(company) | teams.member_ids | teams.leader_id

    def _complaint_field(self):
        return "commercial_partner_id"

    def _complaint_domain(self):
        return [("commercial_partner_id", "in", self.commercial_partner_id.ids)]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_count(self):
        groups = self.env["customer.complaint"]._read_group(
            self._complaint_domain(), ["commercial_partner_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in groups}
        for partner in self:
            partner.complaint_count = counts.get(partner.commercial_partner_id.id, 0)

    def _complaint_context(self):
        return {"default_partner_id": self.id, "search_default_open": 0}

    def _complaint_help(self):
        return self.env._("No complaints of this customer")
