"""Needs of a customer: those of the whole company on every contact of it."""

from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.need.count"]

    def _customer_need_field(self):
        return "commercial_partner_id"

    def _customer_need_owner(self):
        return self.commercial_partner_id

    def _customer_need_context(self):
        return {"default_partner_id": self.id, "default_company_id": (self.company_id or self.env.company).id}
